import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { ZipFile } from 'yazl';
import type { UserId } from '#contracts';
import { BOT_USER_ID } from '../accounts/bot-account.js';
import { OperationFiles } from '../operations/operation-files.js';
import type { OperationRun } from '../operations/operation-run.js';
import { OperationRunner } from '../operations/operation-runner.js';
import {
  claimFolder,
  channelSourceId,
  exportChannel,
  exportUser,
  listOf,
  sourceIdOf,
} from './export-lists.js';
import { exportMessage, type ExportContext, type Json } from './export-message.js';
import { ExportsRepository, type ExportChannel } from './exports.repository.js';
import { LISTS, type List } from './slack-format.js';
import { compareTs } from './slack-time.js';

/** The same content makes the same bytes. */
const ENTRY = { mtime: new Date(1980, 0, 1), mode: 0o100644, forceDosTimestamp: true };

type Add = (name: string, content: unknown) => Promise<void>;

/**
 * Writes a workspace as an export of Slack, a day of a channel at a time. A zip can't be gone on with: a
 * killed worker's export is begun anew.
 */
@Injectable()
export class SlackExport {
  constructor(
    private readonly exports: ExportsRepository,
    private readonly files: OperationFiles,
    runner: OperationRunner,
  ) {
    runner.register('slack_export', (run) => this.work(run));
  }

  private async work(run: OperationRun): Promise<'done'> {
    const zip = new ZipFile();
    const output = zip.outputStream as Readable;
    const written = this.files.write(run.operation.id, 'result', output as AsyncIterable<Buffer>);
    // Its failure is told where it is waited for.
    written.catch(() => undefined);
    /** Done when the entry is written: one is in memory at a time. */
    const add: Add = async (name, content) => {
      const entry = new Promise<void>((resolve) => {
        zip.addReadStreamLazy(name, ENTRY, (give) => {
          const source = Readable.from([Buffer.from(JSON.stringify(content, null, 1))]);
          source.once('end', resolve);
          give(null, source);
        });
      });
      await Promise.race([entry, written]);
    };
    try {
      await this.write(run, add);
      zip.end();
      await written;
      return 'done';
    } catch (error) {
      output.destroy(error as Error);
      await written.catch(() => undefined);
      throw error;
    }
  }

  private async write(run: OperationRun, add: Add): Promise<void> {
    const { workspaceId, whole } = run.operation;
    const people = await this.exports.people(workspaceId);
    const members = (await this.exports.members(workspaceId)).filter(({ id }) => id !== BOT_USER_ID);
    const users = new Map(people.map(({ sourceId, userId }) => [sourceId, userId]));
    const sources = new Map(people.map(({ sourceId, userId }) => [userId, sourceId]));
    const met = new Set(members.map(({ id }) => id).filter((id) => !sources.has(id)));
    const sourceOf = (id: UserId): string => {
      const known = sources.get(id);
      if (known) return known;
      met.add(id);
      return sourceIdOf('U', id);
    };
    const named = { sourceOf, userOf: (id: string) => users.get(id) };
    const inWorkspace = new Set(members.map(({ id }) => id));

    const channels = await this.exports.channels(workspaceId, whole);
    const counterparts = counterpartsOf(channels, sourceOf);
    const lists: Record<List, Json[]> = { channels: [], groups: [], dms: [], mpims: [] };
    const taken = new Set<string>();
    for (const [at, channel] of channels.entries()) {
      const id = channelSourceId(channel);
      const pins = await this.exports.pins(channel.id, channel.rank === 1 ? id : '');
      const entry = exportChannel(channel, pins, named, inWorkspace);
      const folder = claimFolder(listOf(channel), entry, taken);
      lists[listOf(channel)].push(entry);
      const before = (channel.raw?.['pins'] ?? []) as { id: string }[];
      const context = { ...named, channel: id, counterparts, pins: new Set(before.map((pin) => pin.id)) };
      await this.writeDays(channel, folder, context, add);
      await run.step(async () => ({ checkpoint: null, done: at + 1, total: channels.length }));
    }
    for (const list of LISTS)
      if (list === 'channels' || lists[list].length > 0) await add(`${list}.json`, lists[list]);
    const others = await this.exports.others(workspaceId, [...met]);
    const listed = people.flatMap(({ raw }) => raw ?? []);
    await add('users.json', [...listed, ...others.map(exportUser)]);
  }

  private async writeDays(
    channel: ExportChannel,
    folder: string,
    context: ExportContext,
    add: Add,
  ): Promise<void> {
    for (const day of await this.exports.days(channel.id)) {
      // What was written here goes to the first of the conversations that the channel stands for.
      const rows = (await this.exports.messages(channel.id, day, context.channel)).filter(
        (row) => channel.rank === 1 || row.sourceChannel !== null,
      );
      const ids = rows.map(({ id }) => id);
      const reactions = await this.exports.reactions(ids);
      const replies = await this.exports.replies(ids);
      const messages = rows.flatMap((row): Json[] => {
        const message = exportMessage(row, reactions.get(row.id) ?? [], replies.get(row.id) ?? [], context);
        return message ? [message] : [];
      });
      messages.sort((a, b) => compareTs(String(a['ts']), String(b['ts'])));
      if (messages.length > 0) await add(`${folder}/${day.day}.json`, messages);
    }
  }
}

const counterpartsOf = (
  channels: readonly ExportChannel[],
  sourceOf: (id: UserId) => string,
): ExportContext['counterparts'] => {
  const byId = new Map<string, ExportChannel>(channels.map((channel) => [channel.id, channel]));
  return (kind, id) => {
    if (kind === 'user') return { id: sourceOf(id as UserId), label: null };
    const channel = kind === 'channel' ? byId.get(id) : undefined;
    return channel ? { id: channelSourceId(channel), label: channel.name } : null;
  };
};
