import { Injectable } from '@nestjs/common';
import type { MessagesPerDay, UserId, WorkspaceId } from '#contracts';
import { Clock } from '#core';
import { DomainError } from '#platform';
import { Memberships } from './memberships.js';
import { firstDay, mayReadReports } from './report.js';
import { ReportsRepository } from './reports.repository.js';

@Injectable()
export class ReportsService {
  constructor(
    private readonly memberships: Memberships,
    private readonly repository: ReportsRepository,
    private readonly clock: Clock,
  ) {}

  async messagesPerDay(reader: UserId, workspaceId: WorkspaceId, days: number): Promise<MessagesPerDay> {
    await this.requireReader(reader, workspaceId);
    const rows = await this.repository.messagesPerDay(workspaceId, firstDay(this.clock.now(), days));
    return {
      data: rows.map(({ day, messages, senders }) => ({
        day,
        messages: Number(messages),
        senders: Number(senders),
      })),
      nextCursor: null,
    };
  }

  private async requireReader(reader: UserId, workspaceId: WorkspaceId): Promise<void> {
    const role = await this.memberships.findRole(workspaceId, reader);
    if (role === null) throw new DomainError('workspace.not_found');
    if (!mayReadReports(role)) throw new DomainError('permission.denied');
  }
}
