import { Injectable } from '@nestjs/common';
import type { UserId, WorkspaceId } from '#contracts';
import { Database, type Statement } from '#db';
import { readableBy } from '../access/channel-row.js';

export type SearchDocument = {
  messageId: string;
  workspaceId: string;
  channelId: string;
  /** Of the message. */
  version: number;
  terms: string[];
};

/**
 * The newest version of each message wins, whatever order its events come in: a change may be announced before
 * the message itself when the process that wrote one of them died. A deleted message stays as a document
 * without terms, so that a late event can't bring it back.
 */
const INDEX: Statement = {
  name: 'search_index',
  text: `
    WITH input AS (
      SELECT * FROM jsonb_to_recordset($1::jsonb)
        AS d("messageId" uuid, "workspaceId" uuid, "channelId" uuid, version bigint, terms text[])
    ), terms AS (
      INSERT INTO chat.search_terms (workspace_id, term)
      SELECT DISTINCT "workspaceId", term FROM input, unnest(terms) AS term ORDER BY 1, 2
      ON CONFLICT DO NOTHING
    )
    INSERT INTO chat.search_documents AS d (message_id, workspace_id, channel_id, message_version, terms)
    SELECT "messageId", "workspaceId", "channelId", version, array_to_tsvector(terms) FROM input ORDER BY "messageId"
    ON CONFLICT (message_id) DO UPDATE
      SET message_version = excluded.message_version, channel_id = excluded.channel_id, terms = excluded.terms
      WHERE d.message_version < excluded.message_version`,
};

/** Words of the workspace that a query word may mean: itself, its prolongations (last word), its typos. */
const EXPAND: Statement = {
  name: 'search_expand',
  text: `
    SELECT q.ord::int AS ord, array_agg(t.term) AS terms
    FROM unnest($2::text[], $3::int[], $4::text[]) WITH ORDINALITY AS q(term, typos, prefix, ord)
    CROSS JOIN LATERAL (
      (SELECT q.term)
      UNION (SELECT s.term FROM chat.search_terms s
        WHERE s.workspace_id = $1 AND q.prefix IS NOT NULL AND s.term LIKE q.prefix LIMIT 100)
      UNION (SELECT s.term FROM chat.search_terms s
        WHERE s.workspace_id = $1 AND q.typos > 0 AND s.term % q.term
          AND levenshtein_less_equal(s.term, q.term, q.typos) <= q.typos LIMIT 50)
    ) t(term)
    GROUP BY q.ord ORDER BY q.ord`,
};

/** Access is part of the query. Newest first. */
const FIND: Statement = {
  name: 'search_find',
  text: `
    SELECT d.message_id AS id
    FROM chat.search_documents d
    JOIN chat.channels c ON c.id = d.channel_id
    JOIN chat.workspace_members w ON w.workspace_id = c.workspace_id AND w.user_id = $2
    LEFT JOIN chat.channel_members m ON m.channel_id = d.channel_id AND m.user_id = $2
    WHERE d.workspace_id = $1 AND d.terms @@ $3::tsquery AND ${readableBy()}
    ORDER BY d.message_id DESC LIMIT $4`,
};

/** All SQL of the Postgres search adapter. */
@Injectable()
export class SearchRepository {
  constructor(private readonly database: Database) {}

  async index(documents: readonly SearchDocument[]): Promise<void> {
    await this.database.run(INDEX, [JSON.stringify(documents)]);
  }

  async expand(
    workspaceId: WorkspaceId,
    words: readonly { term: string; typos: number; prefix: string | null }[],
  ): Promise<string[][]> {
    const rows = await this.database.run<{ terms: string[] }>(EXPAND, [
      workspaceId,
      words.map((w) => w.term),
      words.map((w) => w.typos),
      words.map((w) => w.prefix),
    ]);
    return rows.map((row) => row.terms);
  }

  async find(workspaceId: WorkspaceId, userId: UserId, tsquery: string, limit: number): Promise<string[]> {
    return (await this.database.run<{ id: string }>(FIND, [workspaceId, userId, tsquery, limit])).map(
      (row) => row.id,
    );
  }
}
