import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The built-in bot: a member like anyone, whose tokens are issued to the bot service. */
const BOT_USER_ID = '01900000-0000-7000-8000-000000000001';

const UP = [
  `CREATE EXTENSION IF NOT EXISTS pg_trgm`,
  `CREATE EXTENSION IF NOT EXISTS fuzzystrmatch`,
  `CREATE TABLE chat.users (
     id uuid PRIMARY KEY,
     kind text NOT NULL CHECK (kind IN ('user', 'bot')),
     name text NOT NULL,
     email text UNIQUE,
     password_hash text,
     created_at timestamptz(3) NOT NULL DEFAULT now(),
     CHECK (kind = 'bot' OR (email IS NOT NULL AND password_hash IS NOT NULL))
   )`,
  `INSERT INTO chat.users (id, kind, name) VALUES ('${BOT_USER_ID}', 'bot', 'Parley')`,
  `CREATE TABLE chat.sessions (
     id uuid PRIMARY KEY,
     user_id uuid NOT NULL REFERENCES chat.users ON DELETE CASCADE,
     user_agent text NOT NULL,
     ip text NOT NULL,
     created_at timestamptz(3) NOT NULL,
     last_seen_at timestamptz(3) NOT NULL,
     expires_at timestamptz(3) NOT NULL,
     revoked_at timestamptz(3)
   )`,
  `CREATE INDEX sessions_by_user ON chat.sessions (user_id, created_at DESC)`,
  `CREATE TABLE chat.refresh_tokens (
     hash bytea PRIMARY KEY,
     session_id uuid NOT NULL REFERENCES chat.sessions ON DELETE CASCADE,
     created_at timestamptz(3) NOT NULL,
     used_at timestamptz(3)
   )`,
  `CREATE INDEX refresh_tokens_by_session ON chat.refresh_tokens (session_id)`,
  `CREATE TABLE chat.workspaces (
     id uuid PRIMARY KEY,
     name text NOT NULL,
     created_by uuid NOT NULL REFERENCES chat.users,
     created_at timestamptz(3) NOT NULL
   )`,
  `CREATE TABLE chat.workspace_members (
     workspace_id uuid NOT NULL REFERENCES chat.workspaces ON DELETE CASCADE,
     user_id uuid NOT NULL REFERENCES chat.users,
     role text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'bot')),
     joined_at timestamptz(3) NOT NULL,
     PRIMARY KEY (workspace_id, user_id)
   )`,
  `CREATE INDEX workspace_members_by_user ON chat.workspace_members (user_id)`,
  `CREATE TABLE chat.invites (
     id uuid PRIMARY KEY,
     workspace_id uuid NOT NULL REFERENCES chat.workspaces ON DELETE CASCADE,
     token_hash bytea NOT NULL UNIQUE,
     created_by uuid NOT NULL REFERENCES chat.users,
     created_at timestamptz(3) NOT NULL,
     expires_at timestamptz(3) NOT NULL,
     max_uses integer,
     uses integer NOT NULL DEFAULT 0,
     revoked_at timestamptz(3)
   )`,
  `CREATE INDEX invites_by_workspace ON chat.invites (workspace_id, created_at DESC)`,
  `CREATE TABLE chat.channels (
     id uuid PRIMARY KEY,
     workspace_id uuid NOT NULL REFERENCES chat.workspaces ON DELETE CASCADE,
     kind text NOT NULL CHECK (kind IN ('public', 'private', 'direct')),
     name text,
     topic text NOT NULL DEFAULT '',
     direct_key text,
     is_default boolean NOT NULL DEFAULT false,
     created_by uuid NOT NULL REFERENCES chat.users,
     created_at timestamptz(3) NOT NULL,
     archived_at timestamptz(3),
     last_seq bigint NOT NULL DEFAULT 0,
     CHECK ((kind = 'direct') = (name IS NULL)),
     CHECK ((kind = 'direct') = (direct_key IS NOT NULL))
   ) WITH (fillfactor = 70)`,
  `CREATE UNIQUE INDEX channels_name ON chat.channels (workspace_id, name) WHERE name IS NOT NULL`,
  `CREATE UNIQUE INDEX channels_direct ON chat.channels (workspace_id, direct_key) WHERE direct_key IS NOT NULL`,
  `CREATE TABLE chat.channel_members (
     channel_id uuid NOT NULL REFERENCES chat.channels ON DELETE CASCADE,
     user_id uuid NOT NULL REFERENCES chat.users,
     workspace_id uuid NOT NULL,
     role text NOT NULL CHECK (role IN ('admin', 'member')),
     last_read_seq bigint NOT NULL DEFAULT 0,
     joined_at timestamptz(3) NOT NULL,
     PRIMARY KEY (channel_id, user_id),
     FOREIGN KEY (workspace_id, user_id) REFERENCES chat.workspace_members ON DELETE CASCADE
   ) WITH (fillfactor = 80)`,
  `CREATE INDEX channel_members_by_user ON chat.channel_members (user_id, workspace_id)`,
  // No foreign keys: the writer holds the channel's row lock and has checked the sender's membership, and
  // a key check per row would be half the cost of a batch.
  `CREATE TABLE chat.messages (
     id uuid NOT NULL,
     workspace_id uuid NOT NULL,
     channel_id uuid NOT NULL,
     seq bigint NOT NULL,
     sender_id uuid NOT NULL,
     client_message_id uuid NOT NULL,
     text text NOT NULL,
     created_at timestamptz(3) NOT NULL,
     edited_at timestamptz(3),
     deleted_at timestamptz(3),
     PRIMARY KEY (channel_id, seq)
   )`,
  `CREATE UNIQUE INDEX messages_id ON chat.messages (id)`,
  `CREATE UNIQUE INDEX messages_client_id ON chat.messages (sender_id, client_message_id)`,
  `CREATE TABLE chat.outbox (
     position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
     id uuid NOT NULL,
     subject text NOT NULL,
     payload text NOT NULL,
     created_at timestamptz NOT NULL DEFAULT now()
   ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0)`,
  `CREATE TABLE chat.search_documents (
     message_id uuid PRIMARY KEY,
     workspace_id uuid NOT NULL,
     channel_id uuid NOT NULL,
     version bigint NOT NULL,
     terms tsvector NOT NULL
   )`,
  `CREATE INDEX search_documents_terms ON chat.search_documents USING gin (terms)`,
  `CREATE TABLE chat.search_terms (
     workspace_id uuid NOT NULL,
     term text NOT NULL,
     PRIMARY KEY (workspace_id, term)
   )`,
  `CREATE INDEX search_terms_trigrams ON chat.search_terms USING gin (term gin_trgm_ops)`,
];

const DOWN = [
  'search_terms',
  'search_documents',
  'outbox',
  'messages',
  'channel_members',
  'channels',
  'invites',
  'workspace_members',
  'workspaces',
  'refresh_tokens',
  'sessions',
  'users',
].map((table) => `DROP TABLE chat.${table}`);

export class Foundation1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
