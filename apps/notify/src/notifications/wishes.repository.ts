import { Injectable } from '@nestjs/common';
import type { UserId, WorkspaceId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { DEFAULT_WISHES, type Wishes } from './decision.js';
import { tokenOf } from './keyword.js';

export type WishesRow = Wishes & {
  keywords: { workspaceId: WorkspaceId; words: string[] }[];
  version: number;
};

const COLUMNS = `p.level, p.push, p.email, p.version, coalesce((
    SELECT json_agg(json_build_object('workspaceId', k.workspace_id, 'words', k.words) ORDER BY k.workspace_id) FROM (
      SELECT workspace_id, array_agg(word ORDER BY position) AS words FROM notify.keywords
      WHERE user_id = p.user_id GROUP BY workspace_id
    ) k), '[]') AS keywords`;
const FIND: Statement = {
  name: 'wishes_find',
  text: `SELECT ${COLUMNS} FROM notify.preferences p WHERE p.user_id = $1`,
};
const OF: Statement = {
  name: 'wishes_of',
  text: `SELECT user_id AS "userId", level, push, email FROM notify.preferences WHERE user_id = ANY ($1::uuid[])`,
};
const LISTENERS: Statement = {
  name: 'wishes_listeners',
  text: `SELECT user_id AS id FROM notify.preferences WHERE level = 'all' ORDER BY user_id`,
};
const KEYWORDS: Statement = {
  name: 'wishes_keywords',
  text: `
    SELECT k.workspace_id AS "workspaceId", k.user_id AS "userId", k.word
    FROM unnest($1::uuid[], $2::text[]) AS t(workspace_id, token)
    JOIN notify.keywords k ON k.workspace_id = t.workspace_id AND k.token = t.token`,
};
/** Made with the defaults when there is none yet, so that there is a row to lock. */
const LOCK = `
  INSERT INTO notify.preferences AS p (user_id, level, push, email, version) VALUES ($1, $2, $3, $4, 0)
  ON CONFLICT (user_id) DO UPDATE SET version = p.version RETURNING version`;
const UPDATE = `
  UPDATE notify.preferences SET level = coalesce($2, level), push = coalesce($3, push), email = coalesce($4, email),
    version = version + 1
  WHERE user_id = $1`;
const FORGET_WORDS = `DELETE FROM notify.keywords WHERE user_id = $1 AND workspace_id = $2`;
const KEEP_WORDS = `
  INSERT INTO notify.keywords (user_id, workspace_id, position, word, token)
  SELECT $1, $2, i.position, i.word, i.token FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS i(word, token, position)`;
const ERASE = ['notifications', 'seen', 'preferences'].map(
  (table) => `DELETE FROM notify.${table} WHERE user_id = $1`,
);
const ERASE_WORKSPACE = ['notifications', 'keywords'].map(
  (table) => `DELETE FROM notify.${table} WHERE workspace_id = $1`,
);

export type KeywordOwner = { workspaceId: WorkspaceId; userId: UserId; word: string };

/** All SQL on what people want to be told of. */
@Injectable()
export class WishesRepository {
  constructor(private readonly database: Database) {}

  async find(userId: UserId): Promise<WishesRow | null> {
    return (await this.database.run<WishesRow>(FIND, [userId]))[0] ?? null;
  }

  /** Of those who have any. */
  async of(userIds: readonly UserId[]): Promise<Map<UserId, Wishes>> {
    const rows = await this.database.run<Wishes & { userId: UserId }>(OF, [userIds]);
    return new Map(rows.map((row) => [row.userId, row]));
  }

  /** Who wants to know of everything. */
  async listeners(): Promise<UserId[]> {
    return (await this.database.run<{ id: UserId }>(LISTENERS)).map(({ id }) => id);
  }

  /** Keywords that may occur in texts with these tokens. */
  keywords(tokens: readonly { workspaceId: WorkspaceId; token: string }[]): Promise<KeywordOwner[]> {
    return this.database.run<KeywordOwner>(KEYWORDS, [
      tokens.map(({ workspaceId }) => workspaceId),
      tokens.map(({ token }) => token),
    ]);
  }

  async lockVersion(tx: Tx, userId: UserId): Promise<number> {
    const { level, push, email } = DEFAULT_WISHES;
    const [row] = await tx.query<{ version: number }>(LOCK, [userId, level, push, email]);
    return row?.version ?? 0;
  }

  /** What is null stays. */
  async update(
    tx: Tx,
    userId: UserId,
    wishes: { [Key in keyof Wishes]?: Wishes[Key] | undefined },
  ): Promise<void> {
    await tx.query(UPDATE, [userId, wishes.level ?? null, wishes.push ?? null, wishes.email ?? null]);
  }

  async setKeywords(
    tx: Tx,
    userId: UserId,
    workspaceId: WorkspaceId,
    words: readonly string[],
  ): Promise<void> {
    await tx.query(FORGET_WORDS, [userId, workspaceId]);
    if (words.length > 0) await tx.query(KEEP_WORDS, [userId, workspaceId, words, words.map(tokenOf)]);
  }

  async findIn(tx: Tx, userId: UserId): Promise<WishesRow> {
    const [row] = await tx.query<WishesRow>(FIND.text, [userId]);
    return row as WishesRow;
  }

  /** All that is known of somebody. */
  async erase(tx: Tx, userId: UserId): Promise<void> {
    for (const statement of ERASE) await tx.query(statement, [userId]);
  }

  async eraseWorkspace(tx: Tx, workspaceId: WorkspaceId): Promise<void> {
    for (const statement of ERASE_WORKSPACE) await tx.query(statement, [workspaceId]);
  }
}
