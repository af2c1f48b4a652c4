import { Injectable } from '@nestjs/common';
import type { ChannelId, User, UserId, WorkspaceId } from '#contracts';
import { Clock } from '#core';
import { Outbox, type Tx } from '#db';
import { DomainError } from '#platform';
import { presentUser } from '../accounts/account.js';
import type { ChannelRow } from '../access/access.service.js';
import { newEvent } from '../events/new-event.js';
import { presentChannel, type ReturnedTo } from './channel.js';
import { ChannelMembersRepository, type PersonRow } from './channel-members.repository.js';
import { ChannelSettingsRepository } from './channel-settings.repository.js';
import { ChannelsRepository } from './channels.repository.js';

/** How people come into a channel, whoever brings them. */
@Injectable()
export class ChannelJoining {
  constructor(
    private readonly channels: ChannelsRepository,
    private readonly members: ChannelMembersRepository,
    private readonly settings: ChannelSettingsRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /** Those who are in already stay as they are. `permit` may refuse the channel as it is now. */
  async add(
    tx: Tx,
    { id, workspaceId }: { id: ChannelId; workspaceId: WorkspaceId },
    userIds: readonly UserId[],
    actorId: UserId,
    permit: (channel: ChannelRow) => void = () => undefined,
  ): Promise<void> {
    const people = await this.members.lockPeople(tx, workspaceId, userIds);
    requireAll(userIds, people);
    const channel = await this.settings.lock(tx, id);
    if (!channel) throw new DomainError('channel.not_found');
    permit(channel);
    if (channel.archivedAt) throw new DomainError('channel.archived');
    await this.requireRoom(tx, channel, people);
    const now = this.clock.now();
    const added = await this.channels.addMembers(tx, id, userIds, 'member', now);
    if (added.length === 0) return;
    const version = await this.members.nextVersion(tx);
    const users = new Map(people.map((row) => [row.id, presentUser(row, now)]));
    for (const { userId, lastReadSeq } of added) {
      const user = users.get(userId);
      if (!user) continue;
      const event = newEvent(
        'member.joined',
        { workspaceId, channelId: id, actorId, time: now },
        { user, role: 'member', channel: presentChannel(channel), lastReadSeq, version },
      );
      await this.outbox.append(tx, event, { scope: 'channel', id });
    }
  }

  /** Those of the channels that are there and open, held in id order, in which everybody takes several. */
  async open(tx: Tx, workspaceId: WorkspaceId, channelIds: readonly ChannelId[]): Promise<ChannelId[]> {
    const found: ChannelId[] = [];
    for (const id of [...channelIds].sort()) {
      const row = await this.settings.lock(tx, id);
      if (row?.workspaceId === workspaceId && row.kind !== 'direct' && !row.archivedAt) found.push(id);
    }
    return found;
  }

  /** Tells the channels of someone who is back in them. */
  async announceReturn(tx: Tx, user: User, channels: readonly ReturnedTo[], actorId: UserId): Promise<void> {
    const version = await this.members.nextVersion(tx);
    for (const { channelId, role, lastReadSeq } of channels) {
      const row = await this.channels.getRow(tx, channelId);
      const about = { workspaceId: row.workspaceId, channelId, actorId, time: this.clock.now() };
      const data = { user, role, channel: presentChannel(row), lastReadSeq, version };
      await this.outbox.append(tx, newEvent('member.joined', about, data), {
        scope: 'channel',
        id: channelId,
      });
    }
  }

  defaults(tx: Tx, workspaceId: WorkspaceId): Promise<ChannelId[]> {
    return this.channels.defaults(tx, workspaceId);
  }

  /** A single-channel guest is in one channel, besides conversations. */
  private async requireRoom(tx: Tx, channel: ChannelRow, people: readonly PersonRow[]): Promise<void> {
    const single = people.filter(({ workspaceRole }) => workspaceRole === 'single_channel_guest');
    if (channel.kind === 'direct' || single.length === 0) return;
    const ids = single.map(({ id }) => id);
    const elsewhere = await this.members.inOtherRooms(tx, channel.workspaceId, ids, channel.id);
    if (elsewhere.length > 0) throw new DomainError('member.single_channel');
  }
}

const requireAll = (userIds: readonly UserId[], people: readonly PersonRow[]): void => {
  const known = new Set(people.map(({ id }) => id));
  const missing = userIds.flatMap((id, index) => (known.has(id) ? [] : [index]));
  if (missing.length === 0) return;
  throw new DomainError(
    'member.not_found',
    userIds.length === 1
      ? {}
      : {
          errors: missing.map((index) => ({
            pointer: `/userIds/${index}`,
            detail: 'is not in the workspace',
          })),
        },
  );
};
