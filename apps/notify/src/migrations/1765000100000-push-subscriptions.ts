import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE notify.push_sets (
     user_id uuid PRIMARY KEY,
     version integer NOT NULL
   )`,
  `CREATE TABLE notify.push_subscriptions (
     id uuid PRIMARY KEY,
     user_id uuid NOT NULL REFERENCES notify.push_sets ON DELETE CASCADE,
     session_id uuid NOT NULL,
     endpoint text NOT NULL,
     endpoint_hash bytea NOT NULL UNIQUE,
     p256dh text NOT NULL,
     auth text NOT NULL,
     device_name text,
     content text NOT NULL CHECK (content IN ('full', 'minimal')),
     refusals integer NOT NULL DEFAULT 0,
     created_at timestamptz(3) NOT NULL
   )`,
  `CREATE INDEX push_subscriptions_of_user ON notify.push_subscriptions (user_id, id)`,
  `CREATE INDEX push_subscriptions_of_session ON notify.push_subscriptions (session_id)`,
  // Devices that have a push already of which others are still owed it.
  `CREATE TABLE notify.push_receipts (
     delivery_id uuid NOT NULL REFERENCES notify.deliveries ON DELETE CASCADE,
     subscription_id uuid NOT NULL REFERENCES notify.push_subscriptions ON DELETE CASCADE,
     PRIMARY KEY (delivery_id, subscription_id)
   )`,
  `CREATE INDEX push_receipts_of_subscription ON notify.push_receipts (subscription_id)`,
];

const DOWN = ['push_receipts', 'push_subscriptions', 'push_sets'].map(
  (table) => `DROP TABLE notify.${table}`,
);

/** Where people get pushes. */
export class PushSubscriptions1765000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
