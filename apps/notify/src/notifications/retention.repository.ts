import { Injectable } from '@nestjs/common';
import { Database, type Statement } from '#db';

/** By id, which begins with the time. */
const swept = (name: string, table: string): Statement => ({
  name,
  text: `
    DELETE FROM notify.${table} WHERE id IN (
      SELECT id FROM notify.${table}
      WHERE id < (lpad(to_hex((extract(epoch FROM $1::timestamptz) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
        ${table === 'deliveries' ? `AND state <> 'pending'` : ''}
      ORDER BY id LIMIT $2
    ) RETURNING 1`,
});
const NOTIFICATIONS = swept('retention_notifications', 'notifications');
const DELIVERIES = swept('retention_deliveries', 'deliveries');
const bygone = (name: string, table: string, time: string): Statement => ({
  name,
  text: `
    DELETE FROM notify.${table} WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM notify.${table} WHERE ${time} < $1 LIMIT $2
    )) RETURNING 1`,
});
const SEEN = bygone('retention_seen', 'seen', 'updated_at');
const DELETED = bygone('retention_deleted', 'deleted_messages', 'deleted_at');

/** Forgets what is old, a piece at a time. */
@Injectable()
export class RetentionRepository {
  constructor(private readonly database: Database) {}

  notifications(before: Date, limit: number): Promise<number> {
    return this.sweep(NOTIFICATIONS, before, limit);
  }

  deliveries(before: Date, limit: number): Promise<number> {
    return this.sweep(DELIVERIES, before, limit);
  }

  /** What settles which of two events came first is needed only while both are on their way. */
  async order(before: Date, limit: number): Promise<number> {
    return Math.max(await this.sweep(SEEN, before, limit), await this.sweep(DELETED, before, limit));
  }

  private async sweep(statement: Statement, before: Date, limit: number): Promise<number> {
    return (await this.database.run(statement, [before, limit])).length;
  }
}
