import { Injectable } from '@nestjs/common';
import type { ChannelId, UserId, WorkspaceId } from '#contracts';
import { Clock, uuidv7 } from '#core';
import { Outbox, type Tx } from '#db';
import { presentUser } from '../accounts/account.js';
import { directKeyOf, presentChannel } from '../channels/channel.js';
import { newEvent } from '../events/new-event.js';
import { channelName, lineOf, paragraphOf } from './import-names.js';
import { ImportsRepository, type ImportedChannel } from './imports.repository.js';
import type { Listed } from './slack-source.js';

export type ImportSetting = {
  workspaceId: WorkspaceId;
  startedBy: UserId;
  people: ReadonlyMap<string, UserId>;
};

/** More people than a conversation of ours has. */
const MAX_DIRECT = 200;

const wordsOf = ({ topic, purpose }: Listed['conversation']) => ({
  topic: lineOf(topic.value, 250),
  description: paragraphOf(purpose.value, 4000),
});

/** Brings the conversations of an import into being, and tells about them when their history is there. */
@Injectable()
export class ImportChannels {
  constructor(
    private readonly imports: ImportsRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async load(workspaceId: WorkspaceId): Promise<Map<string, ImportedChannel>> {
    const channels = await this.imports.channels(workspaceId);
    return new Map(channels.map((channel) => [channel.sourceId, channel]));
  }

  /**
   * The channel that a conversation goes to. A public one joins ours of that name; a private one never
   * does, for its history would be shown to others: it gets another name. The same people keep their
   * one direct conversation.
   */
  async place(
    tx: Tx,
    listed: Listed,
    setting: ImportSetting,
    known: ImportedChannel | undefined,
  ): Promise<{ channel: ImportedChannel; created: boolean }> {
    const { conversation, list, position, raw } = listed;
    const target = known ?? (await this.target(tx, listed, setting));
    const { channelId, name, announced } = target;
    const channel = { sourceId: conversation.id, channelId, list, position, name, announced };
    await this.imports.noteChannel(tx, setting.workspaceId, { ...channel, raw: JSON.stringify(raw) });
    return { channel: { ...channel, raw: {} }, created: !known && !announced };
  }

  /** When all its history is there: lets its members in, marks it as read, and tells them. */
  async finish(
    tx: Tx,
    { conversation }: Listed,
    channel: ImportedChannel,
    added: number,
    setting: ImportSetting,
  ): Promise<void> {
    const { workspaceId, startedBy, people } = setting;
    const { channelId } = channel;
    const time = this.clock.now();
    const memberIds = [...new Set(conversation.members.flatMap((id) => people.get(id) ?? []))];
    const { topic, description } = wordsOf(conversation);
    const filled = await this.imports.fill(tx, channelId, topic, description);
    const before = await this.imports.lockChannel(tx, channelId);
    const joined = await this.imports.addMembers(tx, channelId, memberIds, time);
    if (added > 0) await this.imports.settle(tx, channelId);
    const about = { workspaceId, channelId, actorId: startedBy, time };
    const present = presentChannel(before);
    const toChannel = { scope: 'channel', id: channelId } as const;
    if (!channel.announced) {
      const created = newEvent('channel.created', about, { channel: present, memberIds: joined });
      const everyone = { scope: 'members', id: workspaceId } as const;
      await this.outbox.append(tx, created, before.kind === 'public' ? everyone : toChannel);
      await this.imports.announced(tx, workspaceId, conversation.id);
    } else {
      const version = await this.imports.nextMembershipVersion(tx);
      for (const row of await this.imports.peopleById(tx, joined)) {
        const data = {
          user: presentUser(row, time),
          role: 'member' as const,
          channel: present,
          lastReadSeq: present.lastSeq,
          lastReadOrdinal: present.lastOrdinal,
          version,
        };
        await this.outbox.append(tx, newEvent('member.joined', about, data), toChannel);
      }
    }
    if (added > 0 || filled)
      await this.outbox.append(
        tx,
        newEvent('channel.imported', about, { channel: present, messages: added }),
        toChannel,
      );
  }

  private async target(
    tx: Tx,
    listed: Listed,
    { workspaceId, startedBy, people }: ImportSetting,
  ): Promise<{ channelId: ChannelId; name: string | null; announced: boolean }> {
    const { conversation, list } = listed;
    const now = this.clock.now();
    const channel = {
      id: uuidv7() as ChannelId,
      workspaceId,
      ...wordsOf(conversation),
      createdBy: people.get(conversation.creator) ?? startedBy,
      createdAt: conversation.created > 0 ? new Date(conversation.created * 1000) : now,
      archivedAt: conversation.is_archived ? now : null,
    };
    if (list === 'dms' || list === 'mpims') {
      const members = conversation.members.flatMap((id) => people.get(id) ?? []).slice(0, MAX_DIRECT);
      const directKey = directKeyOf(members.length > 0 ? members : [startedBy]);
      const existing = await this.imports.findByKey(tx, workspaceId, directKey);
      if (existing) return { channelId: existing, name: null, announced: true };
      await this.imports.addChannel(tx, {
        ...channel,
        topic: '',
        kind: 'direct',
        name: null,
        directKey,
        archivedAt: null,
      });
      return { channelId: channel.id, name: null, announced: false };
    }
    for (let attempt = 0; ; attempt++) {
      const name = channelName(conversation.name, conversation.id, attempt);
      const existing = await this.imports.findByName(tx, workspaceId, name);
      if (existing && list === 'channels' && existing.kind === 'public')
        return { channelId: existing.id, name, announced: true };
      const kind = list === 'channels' ? 'public' : 'private';
      if (!existing && (await this.imports.addChannel(tx, { ...channel, kind, name, directKey: null })))
        return { channelId: channel.id, name, announced: false };
    }
  }
}
