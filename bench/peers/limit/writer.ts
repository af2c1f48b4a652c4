import pg from 'pg';

export interface Draft {
  readonly messageId: string;
  readonly eventId: string;
  readonly channelId: string;
  readonly senderId: string;
  readonly clientMessageId: string;
  readonly text: string;
}

interface Waiting {
  readonly draft: Draft;
  /** The sequence number, or null when the sender is not a member. */
  readonly resolve: (seq: number | null) => void;
  readonly reject: (reason: unknown) => void;
}

const COMMIT = {
  name: 'commit',
  text: `
    WITH input AS (
      SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[])
        WITH ORDINALITY AS input (message_id, event_id, channel_id, sender_id, client_message_id, text, position)
    ), known AS (
      SELECT input.position, message.seq FROM input JOIN message USING (sender_id, client_message_id)
    ), fresh AS (
      SELECT input.*, row_number() OVER (PARTITION BY input.channel_id ORDER BY position) AS step
      FROM input JOIN member ON member.channel_id = input.channel_id AND member.user_id = input.sender_id
      WHERE position NOT IN (SELECT position FROM known)
    ), allocated AS (
      UPDATE channel SET last_seq = last_seq + counted.n
      FROM (SELECT channel_id, count(*) AS n FROM fresh GROUP BY channel_id) AS counted
      WHERE channel.id = counted.channel_id
      RETURNING channel.id, channel.last_seq - counted.n AS base
    ), inserted AS (
      INSERT INTO message (id, channel_id, seq, sender_id, client_message_id, text)
      SELECT message_id, channel_id, base + step, sender_id, client_message_id, text
      FROM fresh JOIN allocated ON allocated.id = fresh.channel_id
    ), boxed AS (
      INSERT INTO outbox (event_id, message_id) SELECT event_id, message_id FROM fresh
    )
    SELECT position, seq FROM known
    UNION ALL
    SELECT position, base + step FROM fresh JOIN allocated ON allocated.id = fresh.channel_id`,
};

const BATCH = 512;

/** While one batch is in flight the next one gathers; there is no timer. */
export class Writer {
  readonly #idle: pg.Client[];
  readonly #waiting: Waiting[] = [];
  #scheduled = false;

  constructor(connections: readonly pg.Client[]) {
    this.#idle = [...connections];
  }

  write(draft: Draft): Promise<number | null> {
    const { promise, resolve, reject } = Promise.withResolvers<number | null>();
    this.#waiting.push({ draft, resolve, reject });
    this.#schedule();
    return promise;
  }

  /** After the current tick, so that all requests it reads share one statement. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      while (this.#waiting.length > 0) {
        const connection = this.#idle.pop();
        if (connection === undefined) return;
        void this.#commit(connection, this.#waiting.splice(0, BATCH));
      }
    });
  }

  async #commit(connection: pg.Client, batch: readonly Waiting[]): Promise<void> {
    const column = (key: keyof Draft) => batch.map(({ draft }) => draft[key]);
    try {
      const { rows } = await connection.query<[string, string]>({
        ...COMMIT,
        rowMode: 'array',
        values: [
          column('messageId'),
          column('eventId'),
          column('channelId'),
          column('senderId'),
          column('clientMessageId'),
          column('text'),
        ],
      });
      const seqs = new Array<number | null>(batch.length).fill(null);
      for (const [position, seq] of rows) seqs[Number(position) - 1] = Number(seq);
      batch.forEach(({ resolve }, index) => resolve(seqs[index] ?? null));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.#idle.push(connection);
      this.#schedule();
    }
  }
}
