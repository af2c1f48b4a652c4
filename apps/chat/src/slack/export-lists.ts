import type { UserId } from '#contracts';
import { BOT_USER_ID } from '../accounts/bot-account.js';
import { tsOfRow, type Json } from './export-message.js';
import type { ExportAccount, ExportChannel, ExportPin } from './exports.repository.js';
import { lineOf, paragraphOf } from './import-names.js';
import { folderOf, type List } from './slack-format.js';

/** The id of something of ours in the source's manner: letters and digits, a letter first for what it is. */
export const sourceIdOf = (letter: 'U' | 'C' | 'G' | 'D', id: string): string =>
  letter + id.replaceAll('-', '').toUpperCase();

export const exportUser = ({ id, kind, name, email, title, timeZone, role }: ExportAccount): Json => ({
  id: sourceIdOf('U', id),
  name: name.toLowerCase().replaceAll(/[^\p{L}\p{N}._-]+/gu, '.'),
  deleted: role === null,
  real_name: name,
  ...(timeZone ? { tz: timeZone } : {}),
  profile: { title, real_name: name, display_name: name, ...(email && role !== null ? { email } : {}) },
  is_admin: role === 'owner' || role === 'admin',
  is_owner: role === 'owner',
  is_bot: kind === 'bot',
  is_restricted: role === 'guest' || role === 'single_channel_guest',
});

export const listOf = ({ kind, list, directKey }: ExportChannel): List => {
  if (kind === 'public') return 'channels';
  if (kind === 'private') return 'groups';
  if (list === 'dms' || list === 'mpims') return list;
  return (directKey ?? '').split(',').length > 2 ? 'mpims' : 'dms';
};

export const channelSourceId = (channel: ExportChannel): string => {
  const letter = { channels: 'C', groups: 'G', mpims: 'G', dms: 'D' } as const;
  return channel.sourceId ?? sourceIdOf(letter[listOf(channel)], channel.id);
};

/** The source's value where it is still ours too, else ours. */
const described = (raw: Json | null, key: string, value: string, as: (text: string) => string): Json => {
  const before = (raw?.[key] ?? null) as (Json & { value?: string }) | null;
  if (before && as(before.value ?? '') === value) return before;
  return { creator: '', last_set: 0, ...before, value };
};

export type Sources = {
  sourceOf: (userId: UserId) => string;
  userOf: (sourceId: string) => UserId | undefined;
};

/** Those of the source who are still there or never were members here, then those who came here. */
const membersOf = (
  channel: ExportChannel,
  { sourceOf, userOf }: Sources,
  workspace: ReadonlySet<UserId>,
): string[] => {
  const ours = channel.directKey === null ? channel.memberIds : (channel.directKey.split(',') as UserId[]);
  const present = new Set(ours);
  // Our own bot is in every workspace, and so means nothing.
  const before = ((channel.raw?.['members'] ?? []) as string[]).filter((id) => {
    const userId = userOf(id);
    return userId === undefined || present.has(userId) || !workspace.has(userId);
  });
  const told = new Set(before.map((id) => userOf(id)));
  return [...before, ...ours.filter((id) => !told.has(id) && id !== BOT_USER_ID).map(sourceOf)];
};

const pinsOf = (raw: Json | null, pins: readonly ExportPin[], id: string, sources: Sources): Json[] => {
  const before = (raw?.['pins'] ?? []) as { id: string }[];
  const standing = new Set(pins.map(tsOfRow));
  const told = new Set(before.map((pin) => pin.id));
  const cameHere = pins.filter((pin) => {
    const places = pin.raw?.['pinned_to'];
    return !told.has(tsOfRow(pin)) && !(Array.isArray(places) && places.includes(id));
  });
  return [
    ...before.filter((pin) => standing.has(pin.id)),
    ...cameHere.map((pin) => ({
      id: tsOfRow(pin),
      type: 'C',
      created: Math.floor(pin.pinnedAt.getTime() / 1000),
      user: sources.sourceOf(pin.pinnedBy),
      owner: sources.sourceOf(pin.senderId),
    })),
  ];
};

/** An entry of one of the lists of conversations. */
export const exportChannel = (
  channel: ExportChannel,
  pins: readonly ExportPin[],
  sources: Sources,
  workspace: ReadonlySet<UserId>,
): Json => {
  const { raw, name, importedName, topic, description, archivedAt, createdAt, createdBy } = channel;
  const list = listOf(channel);
  const id = channelSourceId(channel);
  const told = pinsOf(raw, pins, id, sources);
  const common = {
    ...(raw ?? { id, created: Math.floor(createdAt.getTime() / 1000), creator: sources.sourceOf(createdBy) }),
    ...(raw && !('members' in raw) && list === 'channels' && channel.memberIds.length === 0
      ? {}
      : { members: membersOf(channel, sources, workspace) }),
    ...(told.length > 0 || raw?.['pins'] ? { pins: told } : {}),
  };
  if (list === 'dms') return common;
  if (list === 'mpims') return { name: `mpdm-${id.toLowerCase()}`, is_archived: false, ...common };
  return {
    ...(raw ? {} : { is_general: channel.isDefault && name === 'general' }),
    ...common,
    name: raw && importedName === name ? raw['name'] : name,
    is_archived: archivedAt !== null,
    topic: described(raw, 'topic', topic, (text) => lineOf(text, 250)),
    purpose: described(raw, 'purpose', description, (text) => paragraphOf(text, 4000)),
  };
};

/** Where its days lie; no two conversations in one folder. */
export const claimFolder = (list: List, entry: Json, taken: Set<string>): string => {
  const named = entry as { id: string; name: string };
  if (taken.has(folderOf(list, named))) entry['name'] = `${named.name}-${named.id.toLowerCase()}`;
  const folder = folderOf(list, named);
  taken.add(folder);
  return folder;
};
