import { Injectable } from '@nestjs/common';
import { ClickHouse } from '../engine/clickhouse.js';
import type { EventRow } from './event-row.js';

const EVENTS = 'events';

/**
 * An event that is inserted twice has the same key twice and is one row after a merge, or at once with
 * `FINAL`. Such copies always lie in the same partition, because the time is part of the key.
 */
const CREATE_EVENTS = (table: string) => `
  CREATE TABLE IF NOT EXISTS ${table} (
    id UUID,
    type LowCardinality(String),
    time DateTime64(3, 'UTC'),
    workspace_id UUID,
    channel_id UUID,
    actor_id UUID,
    message_id UUID,
    seq UInt64,
    text_length UInt32
  )
  ENGINE = ReplacingMergeTree
  PARTITION BY toYYYYMM(time)
  ORDER BY (workspace_id, type, time, id)`;

@Injectable()
export class EventsRepository {
  constructor(private readonly clickhouse: ClickHouse) {}

  async createSchema(): Promise<void> {
    await this.clickhouse.command(`CREATE DATABASE IF NOT EXISTS ${this.clickhouse.database}`);
    await this.clickhouse.command(CREATE_EVENTS(this.clickhouse.table(EVENTS)));
  }

  async insert(rows: EventRow[]): Promise<void> {
    await this.clickhouse.insert(EVENTS, rows);
  }

  /** Rejects unless the table can be read. */
  async probe(): Promise<void> {
    await this.clickhouse.query(`SELECT 1 FROM ${this.clickhouse.table(EVENTS)} LIMIT 0`);
  }
}
