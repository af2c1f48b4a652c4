import type {
  Bootstrap,
  Channel,
  Me,
  Member,
  Message,
  MessagePage,
  MyChannel,
  ParleyEvent,
  ReadState,
  User,
} from '#contracts';
import { noPreferences } from './state.js';
import type { PageRequest } from './timeline.js';

const uuid = (kind: string, n: number): string =>
  `0190${kind}-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const time = (tick: number): string => new Date(Date.UTC(2026, 0, 5, 9, 0, tick)).toISOString();

type Room = {
  channel: Channel;
  members: Map<string, string>;
  read: Pick<ReadState, 'lastReadSeq' | 'cursorVersion' | 'movedAtSeq'>;
  messages: Message[];
};

const me: Me = {
  id: uuid('aaaa', 0) as Me['id'],
  name: 'Me',
  kind: 'user',
  email: 'me@example.org',
  emailVerified: true,
  createdAt: time(0),
};

const atStart = { lastReadSeq: 0, cursorVersion: 0, movedAtSeq: 0 };

const stateOf = ({ read, messages }: Room): ReadState => ({
  ...read,
  lastReadOrdinal: messages.findLast(({ seq }) => seq <= read.lastReadSeq)?.ordinal ?? 0,
  removedSeqs: messages
    .filter(({ seq, deletedAt }) => seq > read.lastReadSeq && deletedAt !== null)
    .map(({ seq }) => seq),
  mentionSeqs: [],
});

/** The server as the client sees it: it changes, logs what changed, and answers with what is true now. */
export class FakeServer {
  me: Me = me;
  readonly log: ParleyEvent[] = [];
  private tick = 0;
  private readonly rooms: Room[] = [];
  private readonly people = new Map<string, Member>();
  /** What was said of people who left goes on when they come back. */
  private readonly profiles = new Map<string, User>();

  constructor(private readonly pageSize = 3) {
    this.people.set(me.id, { user: me, role: 'owner', joinedAt: time(0) });
    this.createChannel(true);
  }

  get channelIds(): string[] {
    return this.rooms.map(({ channel }) => channel.id);
  }

  private emit(type: ParleyEvent['type'], channelId: string | null, data: unknown): void {
    const event = {
      id: uuid('eeee', this.log.length),
      type,
      source: 'test',
      time: time(this.tick),
      workspaceId: uuid('bbbb', 0),
      channelId,
      actorId: me.id,
      traceparent: null,
      seq: null,
      data: structuredClone(data),
    };
    this.log.push(event as unknown as ParleyEvent);
  }

  private room(n: number): Room {
    return this.rooms[n % this.rooms.length] as Room;
  }

  createChannel(mine: boolean): void {
    const channel = {
      id: uuid('cccc', this.rooms.length),
      workspaceId: uuid('bbbb', 0),
      kind: 'public',
      name: `room-${this.rooms.length}`,
      topic: '',
      createdBy: mine ? me.id : uuid('aaaa', 1),
      createdAt: time(++this.tick),
      archivedAt: null,
      version: 1,
      lastSeq: 0,
      lastOrdinal: 0,
      directUserIds: null,
    } as unknown as Channel;
    const members = new Map([[mine ? me.id : uuid('aaaa', 1), 'admin']]);
    this.rooms.push({ channel, members, read: atStart, messages: [] });
    this.emit('channel.created', channel.id, { channel, memberIds: [...members.keys()] });
  }

  /** Idempotent by `clientMessageId`, as the real one. */
  receive(body: Record<string, string>): Message | null {
    const known = this.room(0).messages.find(
      ({ clientMessageId }) => clientMessageId === body['clientMessageId'],
    );
    return known ?? this.send(0, true, body);
  }

  edit(messageId: string, text: string): Message | undefined {
    const message = this.room(0).messages.find(({ id }) => id === messageId);
    if (message) Object.assign(message, { text, editedAt: time(++this.tick), version: message.version + 1 });
    return structuredClone(message);
  }

  /** A reply that only its thread shows: the channel's seq grows, its ordinal doesn't. */
  reply(n: number): void {
    if (this.room(n).messages.length > 0) this.send(n, false, {}, true);
  }

  send(n: number, mine: boolean, body: Record<string, string> = {}, inThread = false): Message | null {
    const room = this.room(n);
    if (!room.members.has(me.id)) return null;
    const seq = ++room.channel.lastSeq;
    const place = inThread
      ? { threadId: uuid('dddd', 0), inChannel: false }
      : { ordinal: ++room.channel.lastOrdinal };
    const message = {
      id: uuid('dddd', n * 10_000 + this.log.length),
      workspaceId: uuid('bbbb', 0),
      channelId: room.channel.id,
      senderId: mine ? me.id : uuid('aaaa', 1),
      clientMessageId: uuid('ffff', this.log.length),
      text: `message ${seq}`,
      createdAt: time(++this.tick),
      editedAt: null,
      deletedAt: null,
      version: 1,
      ...place,
      seq,
      ...body,
    } as unknown as Message;
    if (!inThread) room.messages.push(message);
    if (mine) room.read = { ...room.read, lastReadSeq: seq };
    this.emit('message.created', room.channel.id, { message });
    return structuredClone(message);
  }

  change(n: number, which: number, erase: boolean): void {
    const room = this.room(n);
    const message = room.messages[which % Math.max(1, room.messages.length)];
    if (!message || message.deletedAt !== null || !room.members.has(me.id)) return;
    message.version++;
    if (erase) Object.assign(message, { text: '', deletedAt: time(++this.tick) });
    else Object.assign(message, { text: `${message.text}!`, editedAt: time(++this.tick) });
    this.emit(erase ? 'message.deleted' : 'message.updated', room.channel.id, { message });
  }

  read(n: number): void {
    const room = this.room(n);
    if (!room.members.has(me.id)) return;
    const { lastSeq } = room.channel;
    if (room.read.lastReadSeq >= lastSeq) return;
    room.read = { lastReadSeq: lastSeq, cursorVersion: room.read.cursorVersion + 1, movedAtSeq: lastSeq };
    this.emit('read_cursor.updated', room.channel.id, {
      channelId: room.channel.id,
      ...stateOf(room),
    });
  }

  toggleMembership(n: number): void {
    const room = this.room(n);
    const { channel } = room;
    if (room.members.delete(me.id)) {
      this.emit('member.left', channel.id, { userId: me.id, reason: 'left' });
      return;
    }
    room.members.set(me.id, 'member');
    room.read = { lastReadSeq: channel.lastSeq, cursorVersion: 0, movedAtSeq: channel.lastSeq };
    this.emit('member.joined', channel.id, {
      user: me,
      role: 'member',
      channel,
      lastReadSeq: channel.lastSeq,
    });
  }

  togglePerson(n: number): void {
    const id = uuid('aaaa', 2 + (n % 3));
    if (this.people.delete(id)) {
      this.emit('member.left', null, { userId: id, reason: 'removed' });
      return;
    }
    const user = this.profiles.get(id) ?? ({ id, name: `Person ${n % 3}`, kind: 'user' } as User);
    this.people.set(id, { user, role: 'member', joinedAt: time(++this.tick) } as Member);
    this.emit('member.joined', null, { user, role: 'member', channel: null, lastReadSeq: null });
  }

  /** Someone, or I, get another title; the devices of the person hear of it too. */
  describe(n: number): void {
    const members = [...this.people.values()];
    const member = members[n % members.length] as Member;
    const version = (member.user.version ?? 0) + 1;
    const user: User = { ...member.user, title: `Title ${version}`, version };
    this.people.set(user.id, { ...member, user });
    this.profiles.set(user.id, user);
    this.emit('user.updated', null, { user });
    if (user.id !== me.id) return;
    this.me = { ...this.me, ...user };
    this.emit('me.updated', null, { me: this.me });
  }

  bootstrap(): Bootstrap {
    const mine = this.rooms.filter(({ members }) => members.has(me.id));
    return structuredClone({
      me: this.me,
      workspace: { id: uuid('bbbb', 0), name: 'Test', createdAt: time(0), role: 'owner' },
      channels: mine.map(
        (room) =>
          ({
            channel: room.channel,
            role: room.members.get(me.id),
            roleVersion: 1,
            ...stateOf(room),
            preferences: noPreferences,
          }) as MyChannel,
      ),
      sidebar: { sections: [], version: 0 },
      members: [...this.people.values()],
      membersNextCursor: null,
      eventsUrl: '/events',
      cursor: `e-${this.log.length}`,
    } as unknown as Bootstrap);
  }

  page(channelId: string, request: PageRequest): MessagePage {
    const all = this.rooms.find(({ channel }) => channel.id === channelId)?.messages ?? [];
    const size = this.pageSize;
    const range =
      request.kind === 'after'
        ? all.filter(({ seq }) => seq > request.seq).slice(0, size)
        : all.filter(({ seq }) => request.kind !== 'before' || seq < request.seq).slice(-size);
    const edge = request.kind === 'after' ? range.at(-1) : range[0];
    const more =
      request.kind === 'after'
        ? (edge?.seq ?? 0) < (all.at(-1)?.seq ?? 0) && edge
        : edge && edge !== all[0] && edge;
    return structuredClone({ data: range, nextCursor: more ? String(more.seq) : null });
  }
}
