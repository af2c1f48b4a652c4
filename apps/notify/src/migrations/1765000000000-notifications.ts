import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `CREATE TABLE notify.outbox (
     position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     id uuid NOT NULL,
     subject text NOT NULL,
     payload text NOT NULL,
     created_at timestamptz NOT NULL DEFAULT now()
   ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0)`,
  `CREATE TABLE notify.preferences (
     user_id uuid PRIMARY KEY,
     level text NOT NULL CHECK (level IN ('all', 'mentions', 'nothing')),
     push boolean NOT NULL,
     email text NOT NULL CHECK (email IN ('instant', 'hourly', 'daily', 'off')),
     version integer NOT NULL
   )`,
  `CREATE INDEX preferences_listeners ON notify.preferences (user_id) WHERE level = 'all'`,
  // A word is looked up by its token, which every text has that it occurs in.
  `CREATE TABLE notify.keywords (
     user_id uuid NOT NULL REFERENCES notify.preferences ON DELETE CASCADE,
     workspace_id uuid NOT NULL,
     position integer NOT NULL,
     word text NOT NULL,
     token text NOT NULL,
     PRIMARY KEY (user_id, workspace_id, position)
   )`,
  `CREATE INDEX keywords_by_token ON notify.keywords (workspace_id, token) INCLUDE (user_id, word)`,
  `CREATE TABLE notify.notifications (
     id uuid PRIMARY KEY,
     user_id uuid NOT NULL,
     workspace_id uuid NOT NULL,
     channel_id uuid NOT NULL,
     message_id uuid NOT NULL,
     thread_id uuid,
     in_channel boolean NOT NULL,
     seq bigint NOT NULL,
     sender_id uuid NOT NULL,
     reason text NOT NULL CHECK (reason IN ('mention', 'direct', 'thread', 'keyword', 'channel')),
     created_at timestamptz(3) NOT NULL,
     read_at timestamptz(3),
     withdrawn_at timestamptz(3),
     version integer NOT NULL DEFAULT 1,
     UNIQUE (message_id, user_id)
   ) WITH (fillfactor = 90)`,
  `CREATE INDEX notifications_list ON notify.notifications (user_id, workspace_id, id DESC) WHERE withdrawn_at IS NULL`,
  `CREATE INDEX notifications_unread ON notify.notifications (user_id, workspace_id, id DESC) WHERE withdrawn_at IS NULL AND read_at IS NULL`,
  `CREATE INDEX notifications_unread_channel ON notify.notifications (user_id, channel_id, seq) WHERE withdrawn_at IS NULL AND read_at IS NULL`,
  `CREATE INDEX notifications_unread_thread ON notify.notifications (user_id, thread_id, seq)
     WHERE withdrawn_at IS NULL AND read_at IS NULL AND thread_id IS NOT NULL`,
  `CREATE INDEX notifications_of_channel ON notify.notifications (channel_id) WHERE withdrawn_at IS NULL`,
  // How far somebody has looked at a channel or a thread. The row is also the lock between what notifies and what reads.
  `CREATE TABLE notify.seen (
     user_id uuid NOT NULL,
     scope_id uuid NOT NULL,
     seq bigint NOT NULL,
     updated_at timestamptz(3) NOT NULL,
     PRIMARY KEY (user_id, scope_id)
   ) WITH (fillfactor = 80)`,
  // So that a message whose deletion is told first does not notify afterwards.
  `CREATE TABLE notify.deleted_messages (
     message_id uuid PRIMARY KEY,
     deleted_at timestamptz(3) NOT NULL
   )`,
  `CREATE TABLE notify.deliveries (
     id uuid PRIMARY KEY,
     notification_id uuid NOT NULL REFERENCES notify.notifications ON DELETE CASCADE,
     user_id uuid NOT NULL,
     channel text NOT NULL CHECK (channel IN ('in_app', 'push', 'email')),
     state text NOT NULL CHECK (state IN ('pending', 'sent', 'failed', 'cancelled', 'gone')),
     attempts integer NOT NULL DEFAULT 0,
     error_code text,
     due_at timestamptz(3) NOT NULL,
     created_at timestamptz(3) NOT NULL,
     settled_at timestamptz(3),
     UNIQUE (notification_id, channel),
     CHECK ((state = 'pending') = (settled_at IS NULL))
   ) WITH (fillfactor = 80)`,
  `CREATE INDEX deliveries_due ON notify.deliveries (channel, due_at) WHERE state = 'pending'`,
  `CREATE INDEX deliveries_due_to_user ON notify.deliveries (user_id, channel, due_at) WHERE state = 'pending'`,
  `CREATE INDEX deliveries_of_user ON notify.deliveries (user_id, id DESC)`,
];

const DOWN = [
  'deliveries',
  'deleted_messages',
  'seen',
  'notifications',
  'keywords',
  'preferences',
  'outbox',
].map((table) => `DROP TABLE notify.${table}`);

/** Notifications, how they are delivered, and what people want of them. */
export class Notifications1765000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
