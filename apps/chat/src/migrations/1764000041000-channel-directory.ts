import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  `ALTER TABLE chat.channels ADD COLUMN member_count integer NOT NULL DEFAULT 0`,
  // Here and not in the application: people also leave by the foreign key, when they leave the workspace.
  // Channels are locked in id order, like everywhere, so that nobody waits for each other.
  `CREATE FUNCTION chat.count_channel_members() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     PERFORM 1 FROM chat.channels c WHERE c.id IN (SELECT channel_id FROM changed) ORDER BY c.id FOR NO KEY UPDATE;
     UPDATE chat.channels c SET member_count = c.member_count + n.difference
     FROM (
       SELECT x.channel_id, CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END AS difference
       FROM changed x JOIN chat.users u ON u.id = x.user_id AND u.kind = 'user'
       GROUP BY x.channel_id
     ) n
     WHERE c.id = n.channel_id;
     RETURN NULL;
   END $$`,
  `CREATE TRIGGER count_joined AFTER INSERT ON chat.channel_members REFERENCING NEW TABLE AS changed
     FOR EACH STATEMENT EXECUTE FUNCTION chat.count_channel_members()`,
  `CREATE TRIGGER count_left AFTER DELETE ON chat.channel_members REFERENCING OLD TABLE AS changed
     FOR EACH STATEMENT EXECUTE FUNCTION chat.count_channel_members()`,
  // Sending locks the channel and then the sender's membership; whoever takes memberships away must not do
  // it the other way round.
  `CREATE FUNCTION chat.lock_channels_of_member() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     PERFORM 1 FROM chat.channels c WHERE c.id IN (
       SELECT m.channel_id FROM chat.channel_members m
       WHERE m.user_id = OLD.user_id AND m.workspace_id = OLD.workspace_id
     ) ORDER BY c.id FOR NO KEY UPDATE;
     RETURN OLD;
   END $$`,
  `CREATE TRIGGER lock_channels BEFORE DELETE ON chat.workspace_members
     FOR EACH ROW EXECUTE FUNCTION chat.lock_channels_of_member()`,
  // The triggers hold joins and leaves off until this is committed.
  `UPDATE chat.channels c SET member_count = n.members FROM (
     SELECT m.channel_id, count(*) AS members
     FROM chat.channel_members m JOIN chat.users u ON u.id = m.user_id AND u.kind = 'user'
     GROUP BY m.channel_id
   ) n WHERE c.id = n.channel_id`,
  `CREATE INDEX channels_public_by_name ON chat.channels (workspace_id, (archived_at IS NOT NULL), name, id) WHERE kind = 'public'`,
  `CREATE INDEX channels_public_by_members ON chat.channels (workspace_id, (archived_at IS NOT NULL), member_count, id) WHERE kind = 'public'`,
  `CREATE INDEX channels_public_by_age ON chat.channels (workspace_id, (archived_at IS NOT NULL), created_at, id) WHERE kind = 'public'`,
  `CREATE INDEX channels_public_words ON chat.channels USING gin ((lower(name || ' ' || topic)) gin_trgm_ops) WHERE kind = 'public'`,
];

const DOWN = [
  `DROP INDEX chat.channels_public_by_name, chat.channels_public_by_members, chat.channels_public_by_age, chat.channels_public_words`,
  `DROP TRIGGER lock_channels ON chat.workspace_members`,
  `DROP TRIGGER count_left ON chat.channel_members`,
  `DROP TRIGGER count_joined ON chat.channel_members`,
  `DROP FUNCTION chat.lock_channels_of_member`,
  `DROP FUNCTION chat.count_channel_members`,
  `ALTER TABLE chat.channels DROP COLUMN member_count`,
];

/** Browsing channels, with how many people are in each. */
export class ChannelDirectory1764000041000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
