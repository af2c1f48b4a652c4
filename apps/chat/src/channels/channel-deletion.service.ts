import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ChannelId } from '#contracts';
import { Database } from '#db';
import { DomainError, type Principal, requireVersion } from '#platform';
import { AccessService } from '../access/access.service.js';
import { allows } from '../access/permission.js';
import { job } from '../jobs/job.js';
import { Jobs } from '../jobs/jobs.service.js';
import { ChannelEvents } from './channel-events.js';
import { ChannelSettingsRepository } from './channel-settings.repository.js';

const purgeJob = job('channel.purge', z.object({ channelId: ChannelId }), { lane: 'long' });
const BATCH = 200;

/** Deletes channels: at once for everyone to see, and their messages in steps. */
@Injectable()
export class ChannelDeletionService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly settings: ChannelSettingsRepository,
    private readonly events: ChannelEvents,
    private readonly jobs: Jobs,
  ) {
    jobs.work(purgeJob, ({ channelId }) => this.purge(channelId));
  }

  async delete(caller: Principal, channelId: ChannelId, ifMatch: string | undefined): Promise<void> {
    const channel = await this.access.channel(caller, channelId);
    if (channel.kind === 'direct') throw new DomainError('channel.direct_unsupported');
    // Not for channel admins: it can't be undone, and takes what others wrote.
    if (!allows(channel, 'channel.manage')) throw new DomainError('permission.denied');
    await this.database.transaction(async (tx) => {
      const row = await this.settings.lock(tx, channelId);
      if (!row) throw new DomainError('channel.not_found');
      requireVersion(ifMatch, row.version);
      if (row.isDefault) throw new DomainError('channel.is_default');
      await this.events.deleted(tx, row, caller.userId);
      await this.settings.delete(tx, channelId);
      await this.jobs.enqueue(tx, purgeJob, { channelId }, { key: channelId });
    });
  }

  /** Its messages can't be reached any more; each step commits, so that a big channel holds up nobody. */
  private async purge(channelId: ChannelId): Promise<void> {
    while ((await this.database.transaction((tx) => this.settings.purge(tx, channelId, BATCH))) > 0);
  }
}
