import { Injectable } from '@nestjs/common';
import type { ChannelId, User, UserId, WorkspaceId } from '#contracts';
import { Clock, uuidv7 } from '#core';
import type { Tx } from '#db';
import { AccountMails } from '../account-mail/account-mails.service.js';
import { AccessService } from '../access/access.service.js';
import { isGuest } from '../access/permission.js';
import { mayGrant } from '../access/rank.js';
import { ChannelMembersService } from '../channels/channel-members.service.js';
import { MemberEntryService } from '../members/member-entry.service.js';
import type { OperationRun } from '../operations/operation-run.js';
import { OperationRunner } from '../operations/operation-runner.js';
import { readRow, RowRefused, USER_COLUMNS, UserRow } from './csv-row.js';
import { CsvRepository } from './csv.repository.js';
import { CsvRows, type Outcome } from './csv-rows.js';

type Setting = { workspaceId: WorkspaceId; startedBy: UserId };

/** Adds people of a CSV file: who has no account gets one, and a mail to choose its password. */
@Injectable()
export class CsvUsers {
  constructor(
    private readonly rows: CsvRows,
    private readonly access: AccessService,
    private readonly csv: CsvRepository,
    private readonly entry: MemberEntryService,
    private readonly channelMembers: ChannelMembersService,
    private readonly mails: AccountMails,
    private readonly clock: Clock,
    runner: OperationRunner,
  ) {
    runner.register('csv_users', (run) => this.work(run));
  }

  private work(run: OperationRun): Promise<'done' | 'more'> {
    return this.rows.each(run, USER_COLUMNS, ['email'], (tx, row) =>
      this.add(tx, run.operation, readRow(UserRow, row)),
    );
  }

  private async add(tx: Tx, setting: Setting, row: UserRow): Promise<Outcome> {
    const { workspaceId } = setting;
    const channelIds = await this.channelsOf(tx, setting, row.channels);
    const account = await this.csv.account(tx, workspaceId, row.email);
    if (account?.isMember) return this.update(tx, workspaceId, account.id, channelIds);
    await this.requireGrant(tx, setting, row);
    if (account && !account.held)
      throw new RowRefused('conflict', '/email', 'is that of an account which has not confirmed it');
    if (isGuest(row.role) && channelIds.length === 0)
      throw new RowRefused('invalid', '/channels', 'names none, and a guest sees no others');
    const id = account?.id ?? (await this.open(tx, row));
    const user: User = { id, name: nameOf(row), kind: 'user' };
    const now = this.clock.now();
    // Whoever starts an import is an admin: it stands for an invite of theirs.
    const ticket = { madeAt: now, byAdmin: true };
    await this.entry.enter(tx, workspaceId, user, { role: row.role, channelIds, ticket }, now);
    return account ? 'added' : 'created';
  }

  /** Nobody gives, by way of a file, what they lack. */
  private async requireGrant(tx: Tx, { workspaceId, startedBy }: Setting, { role }: UserRow): Promise<void> {
    const actor = await this.access.standingIn(tx, workspaceId, startedBy);
    if (!actor || !mayGrant(actor, null, { workspaceRole: role }))
      throw new RowRefused('conflict', '/role', 'is more than you may give');
  }

  private async open(tx: Tx, row: UserRow): Promise<UserId> {
    const id = uuidv7() as UserId;
    const { email, title } = row;
    if (!(await this.csv.addAccount(tx, { id, name: nameOf(row), email, title, at: this.clock.now() })))
      throw new RowRefused('conflict', '/email', 'was taken at this moment');
    await this.mails.sendLink(tx, { kind: 'first_password', email });
    return id;
  }

  /** Members stay what they are, and come into the channels that they are not in yet. */
  private async update(
    tx: Tx,
    workspaceId: WorkspaceId,
    userId: UserId,
    channelIds: readonly ChannelId[],
  ): Promise<Outcome> {
    const inside = new Set(await this.csv.channelsOf(tx, workspaceId, userId, channelIds));
    const missing = channelIds.filter((id) => !inside.has(id));
    if (missing.length === 0) return 'unchanged';
    await this.channelMembers.joinAll(tx, workspaceId, userId, missing);
    return 'updated';
  }

  private async channelsOf(
    tx: Tx,
    { workspaceId, startedBy }: Setting,
    names: readonly string[],
  ): Promise<ChannelId[]> {
    const channels = await this.csv.channels(tx, workspaceId, names, startedBy);
    const byName = new Map(channels.map(({ name, id }) => [name, id]));
    return names.map((name) => {
      const id = byName.get(name);
      if (!id) throw new RowRefused('unknown', '/channels', `there is no channel ${name}`);
      return id;
    });
  }
}

const nameOf = ({ name, email }: UserRow): string => name ?? (email.split('@')[0] as string).slice(0, 80);
