import { Injectable } from '@nestjs/common';
import type { WorkspaceId } from '#contracts';
import { DomainError } from '#platform';
import { ClickHouse } from '../engine/clickhouse.js';
import { failureOf } from '../engine/clickhouse-failure.js';
import { clickhouseTime } from '../events/event-row.js';

export type DayRow = { day: string; messages: string; senders: string };

const MESSAGES_PER_DAY = (events: string) => `
  SELECT toDate(time) AS day, count() AS messages, uniqExact(actor_id) AS senders
  FROM ${events} FINAL
  WHERE workspace_id = {workspace:UUID} AND type = 'message.created' AND time >= {since:DateTime64(3, 'UTC')}
  GROUP BY day ORDER BY day
  SETTINGS do_not_merge_across_partitions_select_final = 1`;

@Injectable()
export class ReportsRepository {
  constructor(private readonly clickhouse: ClickHouse) {}

  async messagesPerDay(workspace: WorkspaceId, since: Date): Promise<DayRow[]> {
    try {
      return await this.clickhouse.query<DayRow>(MESSAGES_PER_DAY(this.clickhouse.table('events')), {
        workspace,
        since: clickhouseTime(since),
      });
    } catch (cause) {
      const failure = failureOf(cause);
      if (failure === 'unavailable' || failure === 'no_schema')
        throw new DomainError('unavailable', {}, { cause });
      throw cause;
    }
  }
}
