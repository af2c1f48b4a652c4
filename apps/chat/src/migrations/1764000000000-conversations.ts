import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `ALTER TABLE chat.channels
     ADD COLUMN description text NOT NULL DEFAULT '',
     ADD COLUMN posting text NOT NULL DEFAULT 'everyone' CHECK (posting IN ('everyone', 'admins')),
     ADD COLUMN slow_mode_seconds integer NOT NULL DEFAULT 0 CHECK (slow_mode_seconds BETWEEN 0 AND 21600),
     ADD COLUMN version integer NOT NULL DEFAULT 1,
     ADD COLUMN last_ordinal bigint NOT NULL DEFAULT 0`,
  `UPDATE chat.channels SET last_ordinal = last_seq WHERE last_seq > 0`,
  `ALTER TABLE chat.channel_members
     ADD COLUMN last_read_ordinal bigint NOT NULL DEFAULT 0,
     ADD COLUMN cursor_version integer NOT NULL DEFAULT 0,
     ADD COLUMN moved_at_seq bigint NOT NULL DEFAULT 0,
     ADD COLUMN last_sent_at timestamptz(3)`,
  `UPDATE chat.channel_members SET last_read_ordinal = last_read_seq, moved_at_seq = last_read_seq WHERE last_read_seq > 0`,
  `ALTER TABLE chat.messages
     ADD COLUMN version integer NOT NULL DEFAULT 1,
     ADD COLUMN thread_id uuid,
     ADD COLUMN in_channel boolean NOT NULL DEFAULT true,
     ADD COLUMN decorated boolean NOT NULL DEFAULT false,
     ADD COLUMN ordinal bigint,
     ADD COLUMN mentions jsonb,
     ADD COLUMN forwarded jsonb,
     ADD COLUMN poll jsonb,
     ADD COLUMN moved_to jsonb,
     ADD COLUMN pinned_by uuid,
     ADD COLUMN pinned_at timestamptz(3)`,
  `UPDATE chat.messages SET ordinal = seq`,
  `ALTER TABLE chat.messages ADD CHECK (in_channel = (ordinal IS NOT NULL)), ADD CHECK (in_channel OR thread_id IS NOT NULL)`,
  // The channel's timeline and each thread have an index of their own, so that neither reads past the other.
  `CREATE UNIQUE INDEX messages_timeline ON chat.messages (channel_id, seq) INCLUDE (ordinal) WHERE in_channel`,
  `CREATE UNIQUE INDEX messages_thread ON chat.messages (thread_id, seq) WHERE thread_id IS NOT NULL`,
  `CREATE INDEX messages_removed ON chat.messages (channel_id, seq) WHERE in_channel AND deleted_at IS NOT NULL`,
  `CREATE INDEX messages_pinned ON chat.messages (channel_id, pinned_at DESC) WHERE pinned_at IS NOT NULL`,
  `ALTER TABLE chat.messages DROP CONSTRAINT messages_pkey`,
  `ALTER TABLE chat.messages ADD CONSTRAINT messages_pkey PRIMARY KEY USING INDEX messages_id`,
  `CREATE TABLE chat.message_edits (
     message_id uuid NOT NULL REFERENCES chat.messages ON DELETE CASCADE,
     version integer NOT NULL,
     text text NOT NULL,
     written_at timestamptz(3) NOT NULL,
     PRIMARY KEY (message_id, version)
   )`,
  `CREATE TABLE chat.message_mentions (
     target_id uuid NOT NULL,
     message_id uuid NOT NULL REFERENCES chat.messages ON DELETE CASCADE,
     workspace_id uuid NOT NULL,
     channel_id uuid NOT NULL,
     seq bigint NOT NULL,
     thread_id uuid,
     in_channel boolean NOT NULL,
     sender_id uuid NOT NULL,
     PRIMARY KEY (message_id, target_id)
   )`,
  `CREATE INDEX message_mentions_unread ON chat.message_mentions (target_id, channel_id, seq)`,
  `CREATE INDEX message_mentions_inbox ON chat.message_mentions (target_id, workspace_id, message_id DESC)`,
  `CREATE TABLE chat.threads (
     root_id uuid PRIMARY KEY REFERENCES chat.messages ON DELETE CASCADE,
     workspace_id uuid NOT NULL,
     channel_id uuid NOT NULL,
     reply_count integer NOT NULL,
     last_seq bigint NOT NULL,
     last_reply_at timestamptz(3) NOT NULL,
     participant_ids uuid[] NOT NULL,
     version integer NOT NULL DEFAULT 1
   ) WITH (fillfactor = 80)`,
  `CREATE TABLE chat.thread_members (
     thread_id uuid NOT NULL REFERENCES chat.threads ON DELETE CASCADE,
     user_id uuid NOT NULL,
     workspace_id uuid NOT NULL,
     channel_id uuid NOT NULL,
     following boolean NOT NULL,
     level text CHECK (level IN ('all', 'mentions', 'none')),
     last_read_seq bigint NOT NULL,
     version integer NOT NULL DEFAULT 1,
     PRIMARY KEY (user_id, thread_id),
     FOREIGN KEY (channel_id, user_id) REFERENCES chat.channel_members (channel_id, user_id) ON DELETE CASCADE
   ) WITH (fillfactor = 80)`,
  `CREATE INDEX thread_members_by_thread ON chat.thread_members (thread_id) WHERE following`,
  `CREATE INDEX thread_members_by_channel ON chat.thread_members (channel_id, user_id)`,
  `CREATE TABLE chat.reactions (
     message_id uuid NOT NULL REFERENCES chat.messages ON DELETE CASCADE,
     emoji text NOT NULL,
     user_id uuid NOT NULL REFERENCES chat.users,
     author_id uuid NOT NULL,
     workspace_id uuid NOT NULL,
     channel_id uuid NOT NULL,
     created_at timestamptz(3) NOT NULL,
     PRIMARY KEY (message_id, emoji, user_id)
   )`,
  `CREATE INDEX reactions_inbox ON chat.reactions (author_id, workspace_id, created_at DESC)`,
  `CREATE TABLE chat.poll_votes (
     message_id uuid NOT NULL REFERENCES chat.messages ON DELETE CASCADE,
     option_id uuid NOT NULL,
     user_id uuid NOT NULL REFERENCES chat.users,
     created_at timestamptz(3) NOT NULL,
     PRIMARY KEY (message_id, option_id, user_id)
   )`,
  `CREATE TABLE chat.link_previews (
     message_id uuid NOT NULL REFERENCES chat.messages ON DELETE CASCADE,
     position integer NOT NULL,
     url text NOT NULL,
     preview jsonb NOT NULL,
     PRIMARY KEY (message_id, position)
   )`,
];

const DOWN = [
  ...[
    'link_previews',
    'poll_votes',
    'reactions',
    'thread_members',
    'threads',
    'message_mentions',
    'message_edits',
  ].map((table) => `DROP TABLE chat.${table}`),
  `ALTER TABLE chat.messages DROP CONSTRAINT messages_pkey`,
  // What a thread alone showed has no place before threads.
  `DELETE FROM chat.messages WHERE NOT in_channel`,
  `DROP INDEX chat.messages_timeline, chat.messages_thread, chat.messages_removed, chat.messages_pinned`,
  `ALTER TABLE chat.messages
     DROP COLUMN version, DROP COLUMN thread_id, DROP COLUMN in_channel, DROP COLUMN decorated, DROP COLUMN ordinal,
     DROP COLUMN mentions, DROP COLUMN forwarded, DROP COLUMN poll, DROP COLUMN moved_to, DROP COLUMN pinned_by,
     DROP COLUMN pinned_at`,
  `CREATE UNIQUE INDEX messages_id ON chat.messages (id)`,
  `ALTER TABLE chat.messages ADD CONSTRAINT messages_pkey PRIMARY KEY (channel_id, seq)`,
  `ALTER TABLE chat.channel_members
     DROP COLUMN last_read_ordinal, DROP COLUMN cursor_version, DROP COLUMN moved_at_seq, DROP COLUMN last_sent_at`,
  `ALTER TABLE chat.channels
     DROP COLUMN description, DROP COLUMN posting, DROP COLUMN slow_mode_seconds, DROP COLUMN version,
     DROP COLUMN last_ordinal`,
];

/** Threads, mentions, and what hangs on messages. */
export class Conversations1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
