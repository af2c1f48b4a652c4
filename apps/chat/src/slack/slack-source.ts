import { DomainError } from '#platform';
import type { Omission } from '../operations/operation.js';
import type { Archive } from './archive.js';
import { folderOf, LISTS, SlackConversation, SlackUser, type List } from './slack-format.js';

export type Listed = {
  list: List;
  /** Its place among all conversations of the export. */
  position: number;
  conversation: SlackConversation;
  raw: unknown;
  /** Its days, in order. */
  files: string[];
};
export type SlackSource = {
  users: { user: SlackUser; raw: unknown }[];
  conversations: Listed[];
  files: number;
  omissions: Omission[];
};

const DAY = /^(.+)\/(\d{4}-\d{2}-\d{2})\.json$/;

/** What an archive says it has. Throws `import.unreadable` when it is no export of Slack. */
export const readSource = async (archive: Archive): Promise<SlackSource> => {
  const omissions: Omission[] = [];
  const days = new Map<string, string[]>();
  for (const name of archive.names) {
    const [, folder] = DAY.exec(name) ?? [];
    if (folder === undefined) continue;
    const files = days.get(folder);
    if (files) files.push(name);
    else days.set(folder, [name]);
  }
  const listOf = async (file: string): Promise<unknown[] | null> => {
    const list = await archive.json(file);
    if (list === undefined && !archive.has(file)) return null;
    if (Array.isArray(list)) return list as unknown[];
    throw new DomainError('import.unreadable', { detail: `${file} is not a list` });
  };
  const malformed = (file: string, at: number) =>
    omissions.push({ file, line: at + 1, pointer: '/id', code: 'malformed', detail: 'has no usable id' });

  const users: SlackSource['users'] = [];
  const people = await listOf('users.json');
  if (!people) throw new DomainError('import.unreadable', { detail: 'has no users.json' });
  people.forEach((raw, at) => {
    const parsed = SlackUser.safeParse(raw);
    if (parsed.success) users.push({ user: parsed.data, raw });
    else malformed('users.json', at);
  });

  const conversations: Listed[] = [];
  let lists = 0;
  for (const list of LISTS) {
    const items = await listOf(`${list}.json`);
    if (items) lists++;
    items?.forEach((raw, at) => {
      const parsed = SlackConversation.safeParse(raw);
      if (!parsed.success) return void malformed(`${list}.json`, at);
      const conversation = parsed.data;
      const folder = folderOf(list, conversation);
      const files = (days.get(folder) ?? []).sort();
      days.delete(folder);
      conversations.push({ list, position: conversations.length, conversation, raw, files });
    });
  }
  if (lists === 0) throw new DomainError('import.unreadable', { detail: 'has no list of channels' });
  for (const folder of [...days.keys()].sort())
    omissions.push({
      file: `${folder}/`,
      pointer: '',
      code: 'unknown',
      detail: 'is the folder of no channel listed',
    });
  const files = conversations.reduce((count, listed) => count + listed.files.length, 0);
  return { users, conversations, files, omissions };
};
