import { Injectable } from '@nestjs/common';
import type { MessageId, PollOptionId, UserId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { USER_COLUMNS } from '../accounts/user-row.js';
import type { VoterRow } from './voter.js';

const MINE: Statement = {
  name: 'polls_my_votes',
  text: `SELECT option_id AS "optionId" FROM chat.poll_votes WHERE message_id = $1 AND user_id = $2`,
};
const VOTERS: Statement = {
  name: 'polls_voters',
  text: `
    SELECT ${USER_COLUMNS}, v.created_at AS "votedAt" FROM chat.poll_votes v JOIN chat.users u ON u.id = v.user_id
    WHERE v.message_id = $1 AND v.option_id = $2 AND (v.created_at, v.user_id) > ($3::timestamptz, $4::uuid)
    ORDER BY v.created_at, v.user_id LIMIT $5`,
};
const WITHDRAW = `
  DELETE FROM chat.poll_votes WHERE message_id = $1 AND user_id = $2 AND option_id <> ALL($3::uuid[]) RETURNING 1`;
/** A vote that stays keeps its place among the voters. */
const CAST = `
  INSERT INTO chat.poll_votes (message_id, user_id, option_id, created_at)
  SELECT $1, $2, option_id, $4 FROM unnest($3::uuid[]) AS o(option_id)
  ON CONFLICT DO NOTHING RETURNING 1`;
const CLOSE = `
  UPDATE chat.messages SET poll = jsonb_set(poll, '{closedAt}', to_jsonb($2::text)) WHERE id = $1`;

/** All SQL on votes. */
@Injectable()
export class PollsRepository {
  constructor(private readonly database: Database) {}

  async votesOf(id: MessageId, userId: UserId): Promise<PollOptionId[]> {
    const rows = await this.database.run<{ optionId: PollOptionId }>(MINE, [id, userId]);
    return rows.map(({ optionId }) => optionId);
  }

  /** In the order of their votes. */
  voters(
    id: MessageId,
    optionId: PollOptionId,
    after: readonly [string, string],
    limit: number,
  ): Promise<VoterRow[]> {
    return this.database.run<VoterRow>(VOTERS, [id, optionId, ...after, limit]);
  }

  /** Whether that changed anything. */
  async replaceVotes(
    tx: Tx,
    id: MessageId,
    userId: UserId,
    optionIds: readonly PollOptionId[],
    now: Date,
  ): Promise<boolean> {
    const withdrawn = await tx.query(WITHDRAW, [id, userId, optionIds]);
    const cast = await tx.query(CAST, [id, userId, optionIds, now]);
    return withdrawn.length + cast.length > 0;
  }

  async close(tx: Tx, id: MessageId, closedAt: Date): Promise<void> {
    await tx.query(CLOSE, [id, closedAt.toISOString()]);
  }
}
