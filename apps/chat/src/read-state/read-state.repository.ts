import { Injectable } from '@nestjs/common';
import type { ChannelId, ReadState, UserId } from '#contracts';
import type { Tx } from '#db';
import { READ_STATE } from '../access/channel-row.js';

/** Never past the newest message; forward only, unless `$4`. */
const MOVE = `
  UPDATE chat.channel_members m SET
    last_read_seq = t.seq, last_read_ordinal = t.ordinal, cursor_version = m.cursor_version + 1,
    -- The reader may have written meanwhile, after this statement looked at the channel.
    moved_at_seq = greatest(c.last_seq, m.last_read_seq)
  FROM chat.channels c
  CROSS JOIN LATERAL (
    SELECT least($3::bigint, c.last_seq) AS seq, coalesce((
      SELECT x.ordinal FROM chat.messages x
      WHERE x.channel_id = c.id AND x.in_channel AND x.seq <= $3 ORDER BY x.seq DESC LIMIT 1), 0) AS ordinal
  ) t
  WHERE m.channel_id = $1 AND m.user_id = $2 AND c.id = m.channel_id AND (m.last_read_seq < t.seq OR $4)
  RETURNING ${READ_STATE}`;

/** All SQL on read cursors. */
@Injectable()
export class ReadStateRepository {
  /** Null when the cursor was there already. */
  async move(
    tx: Tx,
    channelId: ChannelId,
    userId: UserId,
    seq: number,
    { back }: { back: boolean },
  ): Promise<ReadState | null> {
    const [row] = await tx.query<{ readState: ReadState }>(MOVE, [channelId, userId, seq, back]);
    return row?.readState ?? null;
  }
}
