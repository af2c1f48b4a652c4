import { Injectable } from '@nestjs/common';
import type { MessageId, PollOptionId, UserId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';

const MINE: Statement = {
  name: 'polls_my_votes',
  text: `SELECT option_id AS "optionId" FROM chat.poll_votes WHERE message_id = $1 AND user_id = $2`,
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
