import { Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import { Clock } from '#core';
import { OperationFiles } from '../operations/operation-files.js';
import type { OperationRun } from '../operations/operation-run.js';
import { OperationRunner } from '../operations/operation-runner.js';
import type { Omission } from '../operations/operation.js';
import { SearchService } from '../search/search.service.js';
import { Archive } from './archive.js';
import { ImportChannels, type ImportSetting } from './import-channels.service.js';
import { authorOf, importMessage, type ImportContext, type ImportedMessage } from './import-message.js';
import { ImportPeople } from './import-people.service.js';
import { ImportedMessagesRepository } from './imported-messages.repository.js';
import type { ImportedChannel } from './imports.repository.js';
import { SlackMessage } from './slack-format.js';
import { readSource, type Listed, type SlackSource } from './slack-source.js';
import { compareTs } from './slack-time.js';

/** How far an import has come: first its people, then its channels, then file by file their messages. */
type Checkpoint = {
  people: number;
  channels: number;
  channel: number;
  file: number;
  offset: number;
  added: number;
  done: number;
};
const START: Checkpoint = { people: 0, channels: 0, channel: 0, file: 0, offset: 0, added: 0, done: 0 };
const PEOPLE_AT_ONCE = 200;
const MESSAGES_AT_ONCE = 500;

type Going = {
  run: OperationRun;
  archive: Archive;
  source: SlackSource;
  at: Checkpoint;
  people: Map<string, UserId>;
  channels: Map<string, ImportedChannel>;
};

/** Imports an export of Slack in small steps, each of which is done once. */
@Injectable()
export class SlackImport {
  constructor(
    private readonly files: OperationFiles,
    private readonly people: ImportPeople,
    private readonly channels: ImportChannels,
    private readonly messages: ImportedMessagesRepository,
    private readonly search: SearchService,
    private readonly clock: Clock,
    runner: OperationRunner,
  ) {
    runner.register('slack_import', (run) => this.work(run));
  }

  private async work(run: OperationRun): Promise<'done' | 'more'> {
    const { id, workspaceId, checkpoint } = run.operation;
    const size = await this.files.size(id, 'source');
    const archive = await Archive.open(size, (start, end) => this.files.read(id, 'source', start, end));
    const going: Going = {
      run,
      archive,
      source: await readSource(archive),
      at: { ...START, ...(checkpoint as Partial<Checkpoint> | null) },
      people: await this.people.load(workspaceId),
      channels: await this.channels.load(workspaceId),
    };
    const isDone =
      (await this.importPeople(going)) &&
      (await this.importChannels(going)) &&
      (await this.importHistory(going));
    return isDone ? 'done' : 'more';
  }

  /** Each of the three parts says whether it came to its end. */
  private async importPeople({ run, source, at, people }: Going): Promise<boolean> {
    const { workspaceId, dryRun } = run.operation;
    while (at.people < source.users.length) {
      if (run.isOver) return false;
      const batch = this.people.listed(source.users.slice(at.people, at.people + PEOPLE_AT_ONCE));
      await run.step(async (tx) => {
        const omissions = at.people === 0 ? source.omissions : [];
        const counts = dryRun
          ? { people: batch.length }
          : await this.people.add(tx, workspaceId, batch, people);
        at.people += batch.length;
        return { checkpoint: at, done: at.done, total: source.files, counts, omissions };
      });
      if (dryRun) for (const { sourceId } of batch) people.set(sourceId, run.operation.startedBy);
    }
    return true;
  }

  private async importChannels({ run, source, at, people, channels }: Going): Promise<boolean> {
    while (at.channels < source.conversations.length) {
      if (run.isOver) return false;
      const listed = source.conversations[at.channels] as Listed;
      const { id, members } = listed.conversation;
      await run.step(async (tx) => {
        at.channels++;
        const progress = { checkpoint: at, done: at.done, total: source.files };
        if (run.operation.dryRun) return { ...progress, counts: { channels: 1 } };
        const unlisted = members.filter((member) => !people.has(member));
        const made = await this.people.add(
          tx,
          run.operation.workspaceId,
          unlisted.map((member) => this.people.unlisted(member, { isBot: false })),
          people,
        );
        const placed = await this.channels.place(tx, listed, settingOf(run, people), channels.get(id));
        channels.set(id, placed.channel);
        const counts = { placeholders: made.placeholders, channels: placed.created ? 1 : 0 };
        return { ...progress, counts };
      });
    }
    return true;
  }

  private async importHistory(going: Going): Promise<boolean> {
    const { run, archive, source, at } = going;
    while (at.channel < source.conversations.length) {
      const listed = source.conversations[at.channel] as Listed;
      while (at.file < listed.files.length) {
        const name = listed.files[at.file] as string;
        const list = await archive.json(name);
        const items = Array.isArray(list) ? sorted(list as unknown[]) : null;
        do {
          if (run.isOver) return false;
          await this.importBatch(going, listed, name, items);
        } while (at.offset > 0);
      }
      if (run.isOver) return false;
      await run.step(async (tx) => {
        const channel = going.channels.get(listed.conversation.id);
        if (channel && !run.operation.dryRun)
          await this.channels.finish(tx, listed, channel, at.added, settingOf(run, going.people));
        Object.assign(at, { channel: at.channel + 1, file: 0, added: 0 });
        return { checkpoint: at, done: at.done };
      });
    }
    return true;
  }

  /** The next messages of a file; `offset` is 0 again when it was its last. */
  private async importBatch(going: Going, listed: Listed, file: string, items: Item[] | null): Promise<void> {
    const { run, at, people, channels } = going;
    const { workspaceId, dryRun } = run.operation;
    const batch = (items ?? []).slice(at.offset, at.offset + MESSAGES_AT_ONCE);
    await run.step(async (tx) => {
      const omissions: Omission[] = items
        ? []
        : [{ file, pointer: '', code: 'malformed', detail: 'is not a list' }];
      if (!dryRun) await this.people.add(tx, workspaceId, this.strangers(batch, people), people);
      const context = contextOf(going, listed, this.clock.now().getTime(), dryRun);
      const messages = readBatch(batch, context, file, omissions);
      const channel = channels.get(listed.conversation.id);
      let added = 0;
      if (!dryRun && channel) {
        const sourceChannel = listed.conversation.id;
        // Before the messages: an entry without its message finds nothing, a message without its entry is lost.
        await this.search.putImported(
          messages.map(({ id, text }) => ({ id, text, workspaceId, channelId: channel.channelId })),
        );
        added = await this.messages.append(
          tx,
          { workspaceId, channelId: channel.channelId, sourceChannel },
          messages,
        );
      }
      at.added += added;
      at.offset += batch.length;
      if (at.offset >= (items?.length ?? 0))
        Object.assign(at, { file: at.file + 1, offset: 0, done: at.done + 1 });
      const counts = dryRun
        ? { messages: messages.length }
        : { messages: added, unchanged: messages.length - added };
      return { checkpoint: at, done: at.done, counts, omissions };
    });
  }

  /** Those who take part, though no list has them. */
  private strangers(batch: readonly Item[], people: ReadonlyMap<string, UserId>) {
    const found = new Map<string, ReturnType<ImportPeople['unlisted']>>();
    for (const { source } of batch) {
      const { data } = SlackMessage.safeParse(source);
      if (!data) continue;
      const author = authorOf(data);
      const hint = { username: data.user_profile?.real_name || data.username, isBot: !data.user };
      if (!people.has(author)) found.set(author, this.people.unlisted(author, hint));
      for (const user of data.reactions.flatMap(({ users }) => users))
        if (!people.has(user) && !found.has(user))
          found.set(user, this.people.unlisted(user, { isBot: false }));
    }
    return [...found.values()];
  }
}

type Item = { source: unknown; line: number; ts: string };

/** In order of time, with the place they had. */
const sorted = (list: readonly unknown[]): Item[] =>
  list
    .map((source, at) => {
      const { ts } = (source ?? {}) as { ts?: unknown };
      return { source, line: at + 1, ts: typeof ts === 'string' ? ts : '' };
    })
    .sort((a, b) => compareTs(a.ts, b.ts) || a.line - b.line);

const settingOf = (run: OperationRun, people: ReadonlyMap<string, UserId>): ImportSetting => ({
  workspaceId: run.operation.workspaceId,
  startedBy: run.operation.startedBy,
  people,
});

const contextOf = (
  { run, people, channels }: Going,
  { conversation }: Listed,
  now: number,
  dryRun: boolean,
): ImportContext => {
  const pins = new Map(conversation.pins.map(({ id, user, created }) => [id, { user, created }]));
  return {
    workspaceId: run.operation.workspaceId,
    sourceChannel: conversation.id,
    now,
    counterparts: (kind, id) => {
      const ours =
        kind === 'user' ? people.get(id) : kind === 'channel' ? channels.get(id)?.channelId : undefined;
      return ours ? { id: ours, label: null } : null;
    },
    // A dry run makes nobody, but would.
    user: (id) => people.get(id) ?? (dryRun ? run.operation.startedBy : null),
    pin: (ts) => pins.get(ts) ?? null,
  };
};

const readBatch = (
  batch: readonly Item[],
  context: ImportContext,
  file: string,
  omissions: Omission[],
): ImportedMessage[] => {
  const messages = new Map<string, ImportedMessage>();
  for (const { source, line } of batch) {
    const read = importMessage(source, context);
    if ('omission' in read) {
      omissions.push({ file, line, ...read.omission });
      continue;
    }
    const { message, shortened } = read;
    const twin = messages.get(message.ts);
    if (twin && twin.raw !== message.raw)
      omissions.push({ file, line, pointer: '/ts', code: 'duplicate', detail: 'is that of another message' });
    if (shortened) omissions.push({ file, line, pointer: '/text', code: 'shortened', detail: 'is too long' });
    if (!twin) messages.set(message.ts, message);
  }
  return [...messages.values()];
};
