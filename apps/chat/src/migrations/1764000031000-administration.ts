import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = [
  // Names as they are sorted and looked up: lower case, without accents.
  `CREATE FUNCTION chat.name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
     translate(lower(regexp_replace(normalize(name, NFKD), '[\\u0300-\\u036f]', '', 'g')), 'đøłßı', 'dolsi')`,

  `CREATE TABLE chat.roles (
     id uuid PRIMARY KEY,
     workspace_id uuid NOT NULL REFERENCES chat.workspaces ON DELETE CASCADE,
     name text NOT NULL,
     permissions text[] NOT NULL,
     created_at timestamptz(3) NOT NULL
   )`,
  `CREATE UNIQUE INDEX roles_name ON chat.roles (workspace_id, chat.name_key(name))`,

  `ALTER TABLE chat.workspaces
     ADD COLUMN icon_image_id uuid,
     ADD COLUMN branding jsonb,
     ADD COLUMN who_may jsonb NOT NULL
       DEFAULT '{"createChannels": "everyone", "invite": "everyone", "mentionChannel": "everyone"}',
     ADD COLUMN retention_days integer CHECK (retention_days > 0),
     ADD COLUMN allowed_domains text[] NOT NULL DEFAULT '{}',
     ADD COLUMN version integer NOT NULL DEFAULT 1,
     ADD COLUMN roles_version integer NOT NULL DEFAULT 0,
     ADD COLUMN deleted_at timestamptz(3)`,
  `CREATE INDEX workspaces_by_domain ON chat.workspaces USING gin (allowed_domains) WHERE deleted_at IS NULL`,

  `ALTER TABLE chat.workspace_members
     ADD COLUMN custom_role_id uuid REFERENCES chat.roles,
     ADD COLUMN version integer NOT NULL DEFAULT 1,
     ADD COLUMN name_key text COLLATE "C",
     ADD CONSTRAINT workspace_members_custom_role CHECK (custom_role_id IS NULL OR role = 'member')`,
  `CREATE INDEX workspace_members_by_custom_role ON chat.workspace_members (custom_role_id) WHERE custom_role_id IS NOT NULL`,

  `CREATE TABLE chat.former_members (
     workspace_id uuid NOT NULL REFERENCES chat.workspaces ON DELETE CASCADE,
     user_id uuid NOT NULL REFERENCES chat.users ON DELETE CASCADE,
     role text NOT NULL,
     custom_role_id uuid REFERENCES chat.roles ON DELETE SET NULL,
     joined_at timestamptz(3) NOT NULL,
     version integer NOT NULL,
     state text NOT NULL CHECK (state IN ('deactivated', 'left', 'removed')),
     since timestamptz(3) NOT NULL,
     kept jsonb NOT NULL,
     name_key text COLLATE "C",
     PRIMARY KEY (workspace_id, user_id)
   )`,

  // Members are listed by name: the key is kept where it can be indexed together with the workspace, by
  // triggers, because names are changed and members are made in many places.
  `CREATE FUNCTION chat.fill_name_key() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       NEW.name_key := (SELECT chat.name_key(u.name) FROM chat.users u WHERE u.id = NEW.user_id);
       RETURN NEW;
     END $$`,
  `CREATE FUNCTION chat.spread_name_key() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       UPDATE chat.workspace_members SET name_key = chat.name_key(NEW.name) WHERE user_id = NEW.id;
       UPDATE chat.former_members SET name_key = chat.name_key(NEW.name) WHERE user_id = NEW.id;
       RETURN NULL;
     END $$`,
  `CREATE TRIGGER fill_name_key BEFORE INSERT ON chat.workspace_members FOR EACH ROW EXECUTE FUNCTION chat.fill_name_key()`,
  `CREATE TRIGGER fill_name_key BEFORE INSERT ON chat.former_members FOR EACH ROW EXECUTE FUNCTION chat.fill_name_key()`,
  `CREATE TRIGGER spread_name_key AFTER UPDATE OF name ON chat.users FOR EACH ROW
     WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION chat.spread_name_key()`,
  `UPDATE chat.workspace_members m SET name_key = chat.name_key(u.name) FROM chat.users u WHERE u.id = m.user_id`,
  `ALTER TABLE chat.workspace_members ALTER COLUMN name_key SET NOT NULL`,
  `ALTER TABLE chat.former_members ALTER COLUMN name_key SET NOT NULL`,
  `CREATE INDEX workspace_members_by_name ON chat.workspace_members (workspace_id, name_key, user_id)`,
  `CREATE INDEX workspace_members_by_role ON chat.workspace_members (workspace_id, role, name_key, user_id)`,
  `CREATE INDEX former_members_by_name ON chat.former_members (workspace_id, state, name_key, user_id)`,
  `CREATE INDEX former_members_by_user ON chat.former_members (user_id)`,

  `ALTER TABLE chat.invites
     ADD COLUMN role text NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'guest', 'single_channel_guest')),
     ADD COLUMN channel_ids uuid[] NOT NULL DEFAULT '{}',
     ADD COLUMN email text`,
  `CREATE INDEX invites_by_email ON chat.invites (workspace_id, email) WHERE email IS NOT NULL`,
];

const DOWN = [
  // Guests' invites would make members of those who use them.
  `DELETE FROM chat.invites WHERE role <> 'member'`,
  `ALTER TABLE chat.invites DROP COLUMN role, DROP COLUMN channel_ids, DROP COLUMN email`,
  `DROP TRIGGER spread_name_key ON chat.users`,
  `DROP TRIGGER fill_name_key ON chat.workspace_members`,
  `DROP TABLE chat.former_members`,
  `DROP FUNCTION chat.spread_name_key`,
  `DROP FUNCTION chat.fill_name_key`,
  `ALTER TABLE chat.workspace_members DROP COLUMN custom_role_id, DROP COLUMN version, DROP COLUMN name_key`,
  // A deleted workspace has nobody in it; without the mark nothing would finish deleting it.
  `DELETE FROM chat.workspaces WHERE deleted_at IS NOT NULL`,
  `ALTER TABLE chat.workspaces
     DROP COLUMN icon_image_id, DROP COLUMN branding, DROP COLUMN who_may, DROP COLUMN retention_days,
     DROP COLUMN allowed_domains, DROP COLUMN version, DROP COLUMN roles_version, DROP COLUMN deleted_at`,
  `DROP TABLE chat.roles`,
  `DROP FUNCTION chat.name_key`,
];

/** Custom roles, people who were members, settings of a workspace, invites of guests. */
export class Administration1764000031000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
