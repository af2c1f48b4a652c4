import { parseEventSubject, type EphemeralType, type EventScope, type WorkspaceRole } from '#contracts';

type Concerned = {
  /** Null means the workspace itself. */
  channelId: string | null;
  userIds: readonly string[];
  /** Of the membership: the highest is the newest. */
  version?: number;
};
/** What an event does to memberships. */
export type Change = Concerned &
  (
    | { kind: 'join' | 'leave' }
    | { kind: 'role'; role: WorkspaceRole }
    /** Everyone leaves: the workspace is no more. */
    | { kind: 'close' }
  );

/** One event as it is kept and sent: its address, and its SSE frame built once. */
export type Entry = {
  readonly seq: number;
  /** `_` for account events. */
  readonly workspace: string;
  readonly scope: EventScope;
  readonly id: string;
  readonly type: string;
  readonly frame: Buffer;
  readonly change: Change | null;
  readonly revokedSession: string | null;
};

const LF = 10;
const CR = 13;
const SPACE = 32;

/** The payload travels as it was received. A line break in it (JSON whitespace) would break the frame. */
export const sseFrame = (cursor: string, type: string, payload: Uint8Array): Buffer => {
  const prefix = `id: ${cursor}\nevent: ${type}\ndata: `;
  const frame = Buffer.allocUnsafe(prefix.length + payload.length + 2);
  frame.write(prefix, 0, 'latin1');
  frame.set(payload, prefix.length);
  const end = frame.length - 2;
  frame[end] = LF;
  frame[end + 1] = LF;
  if (frame.indexOf(LF, prefix.length) < end || frame.indexOf(CR, prefix.length) >= 0)
    for (let i = prefix.length; i < end; i++) if (frame[i] === LF || frame[i] === CR) frame[i] = SPACE;
  return frame;
};

/** The frame of an event that has no place in the stream: without an id, so that cursors stay what they are. */
export const ephemeralFrame = (type: EphemeralType, json: string): Buffer =>
  Buffer.from(`event: ${type}\ndata: ${json}\n\n`);

type Payload = {
  channelId?: string | null;
  data?: {
    user?: { id: string };
    userId?: string;
    channel?: { id: string } | null;
    memberIds?: string[];
    sessionId?: string;
    role?: WorkspaceRole;
    version?: number;
  };
};

const changeOf = (type: string, { channelId = null, data = {} }: Payload): Change | null => {
  const version = data.version === undefined ? {} : { version: data.version };
  if (type === 'member.joined' && data.user)
    return { kind: 'join', channelId: data.channel?.id ?? channelId, userIds: [data.user.id], ...version };
  if (type === 'member.left' && data.userId)
    return { kind: 'leave', channelId, userIds: [data.userId], ...version };
  // The roles of channels have no say in who hears what.
  if (type === 'member.role_changed' && channelId === null && data.userId && data.role)
    return { kind: 'role', channelId: null, userIds: [data.userId], role: data.role, ...version };
  if (type === 'workspace.deleted') return { kind: 'close', channelId: null, userIds: [] };
  if (type === 'channel.created' && data.channel)
    return { kind: 'join', channelId: data.channel.id, userIds: data.memberIds ?? [] };
  return null;
};
const telling = new Set([
  'member.joined',
  'member.left',
  'member.role_changed',
  'channel.created',
  'session.revoked',
  'workspace.deleted',
]);

/** Null for a subject that is not an event's. Throws on a membership event that can't be read. */
export const entryOf = (epoch: string, seq: number, subject: string, payload: Uint8Array): Entry | null => {
  const address = parseEventSubject(subject);
  if (!address) return null;
  const { scope, type } = address;
  const told = telling.has(type) ? (JSON.parse(Buffer.from(payload).toString()) as Payload) : null;
  return {
    seq,
    workspace: intern(address.workspace),
    scope,
    id: intern(address.id),
    type: intern(type),
    frame: sseFrame(`${epoch}-${seq}`, type, payload),
    change: told && changeOf(type, told),
    revokedSession: type === 'session.revoked' ? (told?.data?.sessionId ?? null) : null,
  };
};

const DATA = '\ndata: ';
/** The event as it was published. */
export const payloadOf = ({ frame }: Entry): Buffer =>
  frame.subarray(frame.indexOf(DATA) + DATA.length, frame.length - 2);

const channels = new WeakMap<Entry, string | null>();

/** The channel an event is about. Those told to others than its members are read for it, once. */
export const channelOf = (entry: Entry): string | null => {
  if (entry.scope === 'channel') return entry.id;
  let channelId = channels.get(entry);
  if (channelId === undefined) {
    channelId = (JSON.parse(payloadOf(entry).toString()) as Payload).channelId ?? null;
    channels.set(entry, channelId);
  }
  return channelId;
};

const MAX_INTERNED = 20_000;
const interned = new Map<string, string>();

/** A slice of a subject keeps the whole subject alive; each id is copied once instead. */
const intern = (text: string): string => {
  const known = interned.get(text);
  if (known !== undefined) return known;
  if (interned.size >= MAX_INTERNED) interned.clear();
  const copy = Buffer.from(text).toString();
  interned.set(copy, copy);
  return copy;
};
