import { Injectable } from '@nestjs/common';
import type { UserId, WorkspaceId } from '#contracts';
import type { Tx } from '#db';
import { ChannelMembersService } from '../channels/channel-members.service.js';
import { ChannelsService } from '../channels/channels.service.js';
import type { OperationRun } from '../operations/operation-run.js';
import { OperationRunner } from '../operations/operation-runner.js';
import { CHANNEL_COLUMNS, ChannelRow, readRow, RowRefused } from './csv-row.js';
import { CsvRepository } from './csv.repository.js';
import { CsvRows, type Outcome } from './csv-rows.js';

type Setting = { workspaceId: WorkspaceId; startedBy: UserId };

/** Adds channels of a CSV file, and people to those that exist. */
@Injectable()
export class CsvChannels {
  constructor(
    private readonly rows: CsvRows,
    private readonly csv: CsvRepository,
    private readonly channels: ChannelsService,
    private readonly channelMembers: ChannelMembersService,
    runner: OperationRunner,
  ) {
    runner.register('csv_channels', (run) => this.work(run));
  }

  private work(run: OperationRun): Promise<'done' | 'more'> {
    return this.rows.each(run, CHANNEL_COLUMNS, ['name'], (tx, row) =>
      this.add(tx, run.operation, readRow(ChannelRow, row)),
    );
  }

  private async add(tx: Tx, { workspaceId, startedBy }: Setting, row: ChannelRow): Promise<Outcome> {
    const [existing] = await this.csv.channels(tx, workspaceId, [row.name], startedBy);
    const members = await this.csv.members(tx, workspaceId, row.members, existing?.id ?? null);
    const known = new Set(members.map(({ email }) => email));
    const stranger = row.members.find((email) => !known.has(email));
    if (stranger) throw new RowRefused('unknown', '/members', `${stranger} is no member`);
    const { members: _emails, ...input } = row;
    if (!existing) {
      const ids = members.map(({ id }) => id);
      const id = await this.channels.createWith(tx, startedBy, workspaceId, input, ids);
      if (!id)
        throw new RowRefused('conflict', '/name', 'is that of a channel that is archived or not to be seen');
      return 'created';
    }
    if (existing.kind !== row.kind) throw new RowRefused('conflict', '/kind', `is ${existing.kind} already`);
    const missing = members.filter(({ isIn }) => !isIn);
    for (const { id } of missing) await this.channelMembers.joinAll(tx, workspaceId, id, [existing.id]);
    return missing.length > 0 ? 'updated' : 'unchanged';
  }
}
