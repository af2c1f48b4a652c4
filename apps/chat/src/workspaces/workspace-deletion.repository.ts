import { Injectable } from '@nestjs/common';
import type { WorkspaceId } from '#contracts';
import { Database, type Tx } from '#db';

const MARK = `UPDATE chat.workspaces SET deleted_at = $2 WHERE id = $1`;
/** Invites first: whoever is coming in by one is waited for, and put out with the others. */
const EMPTY = ['invites', 'workspace_members', 'former_members'].map(
  (table) => `DELETE FROM chat.${table} WHERE workspace_id = $1`,
);
/** One walk over all messages in the order of their ids, a page at a time; what belongs to the workspace goes. */
const PURGE_MESSAGES = `
  WITH page AS MATERIALIZED (
    SELECT id, workspace_id FROM chat.messages WHERE id > $2 ORDER BY id LIMIT $3
  ), messages AS (
    DELETE FROM chat.messages m USING page p WHERE m.id = p.id AND p.workspace_id = $1
  ), documents AS (
    DELETE FROM chat.search_documents d USING page p WHERE d.message_id = p.id AND p.workspace_id = $1
  )
  SELECT id AS last FROM page ORDER BY id DESC LIMIT 1`;
const PURGE_TERMS = `DELETE FROM chat.search_terms WHERE workspace_id = $1`;
const PURGE_WORKSPACE = `DELETE FROM chat.workspaces WHERE id = $1 AND deleted_at IS NOT NULL`;
const IS_CLOSED = `SELECT 1 FROM chat.workspaces WHERE id = $1 AND deleted_at IS NOT NULL`;
const PAGE = 5000;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** All SQL on deleting workspaces. */
@Injectable()
export class WorkspaceDeletionRepository {
  constructor(private readonly database: Database) {}

  /** From the commit on nobody is in it, so nobody reads or writes anything of it. */
  async close(tx: Tx, workspaceId: WorkspaceId, at: Date): Promise<void> {
    await tx.query(MARK, [workspaceId, at]);
    for (const statement of EMPTY) await tx.query(statement, [workspaceId]);
  }

  async isClosed(workspaceId: WorkspaceId): Promise<boolean> {
    return this.database.transaction(async (tx) => (await tx.query(IS_CLOSED, [workspaceId])).length > 0);
  }

  /** One page; where to go on, or null when all is gone. */
  purgeMessages(workspaceId: WorkspaceId, after: string = FIRST): Promise<string | null> {
    return this.database.transaction(async (tx) => {
      const [row] = await tx.query<{ last: string }>(PURGE_MESSAGES, [workspaceId, after, PAGE]);
      return row?.last ?? null;
    });
  }

  /** What refers to the workspace goes with it (foreign keys). */
  async purgeRest(workspaceId: WorkspaceId): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query(PURGE_TERMS, [workspaceId]);
      await tx.query(PURGE_WORKSPACE, [workspaceId]);
    });
  }
}
