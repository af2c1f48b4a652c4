/** How large; the seeding takes about 45 s per million messages. */
export type Size = { channels: number; members: number; messages: number; joined: number };

/** The sizes at which every list must still be a page, not a scan. */
export const LARGE: Size = { channels: 10_000, members: 50_000, messages: 1_000_000, joined: 300 };

type Query = (sql: string, values?: unknown[]) => Promise<unknown>;

/** A valid UUIDv7 that is known beforehand: `kind` is a hexadecimal digit, `n` counts. */
const id = (kind: string, n: string) =>
  `('0190000${kind}-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

/**
 * Fills a workspace that `owner` has made: people, channels, and a busy channel with everyone and all the
 * messages in it. `owner` joins `joined` channels. Straight into the tables, without events. Returns the id
 * of the busy channel.
 */
export const seedLargeWorkspace = async (
  query: Query,
  { workspaceId, owner }: { workspaceId: string; owner: string },
  size: Size,
): Promise<{ channelId: string }> => {
  const { channels, members, messages, joined } = size;
  await query(
    `INSERT INTO chat.users (id, kind, name, email, password_hash)
     SELECT ${id('a', 'n')}, 'user', 'Person ' || md5(n::text), 'person' || n || '@example.org', '-' FROM generate_series(1, $1::int) n`,
    [members],
  );
  await query(
    `INSERT INTO chat.workspace_members (workspace_id, user_id, role, joined_at)
     SELECT $1, ${id('a', 'n')}, 'member', now() FROM generate_series(1, $2::int) n`,
    [workspaceId, members],
  );
  await query(
    `INSERT INTO chat.channels (id, workspace_id, kind, name, topic, created_by, created_at, last_seq, last_ordinal)
     SELECT ${id('c', 'n')}, $1, CASE WHEN n % 5 = 0 THEN 'private' ELSE 'public' END, 'channel-' || md5(n::text),
       'All about ' || md5((n * 7)::text), $2, now() - n * interval '1 minute',
       CASE WHEN n = 1 THEN $4::bigint ELSE 10 END, CASE WHEN n = 1 THEN $4::bigint ELSE 10 END
     FROM generate_series(1, $3::int) n`,
    [workspaceId, owner, channels, messages],
  );
  // Everyone is in the busy channel, ten are in each other one, and the owner is in the first ones.
  await query(
    `INSERT INTO chat.channel_members (channel_id, user_id, workspace_id, role, joined_at, last_read_seq, last_read_ordinal)
     SELECT ${id('c', '1')}, ${id('a', 'n')}, $1, 'member', now(), (n * 7919) % $3::int, (n * 7919) % $3::int FROM generate_series(1, $2::int) n`,
    [workspaceId, members, messages],
  );
  await query(
    `INSERT INTO chat.channel_members (channel_id, user_id, workspace_id, role, joined_at)
     SELECT ${id('c', 'c')}, ${id('a', '(c * 11 + k) % $3::int + 1')}, $1, 'member', now()
     FROM generate_series(2, $2::int) c, generate_series(1, 10) k ON CONFLICT DO NOTHING`,
    [workspaceId, channels, members],
  );
  await query(
    `INSERT INTO chat.channel_members (channel_id, user_id, workspace_id, role, joined_at)
     SELECT ${id('c', 'n')}, $2, $1, 'member', now() FROM generate_series(1, $3::int) n`,
    [workspaceId, owner, joined],
  );
  const sender = id('a', 'n % $3::int + 1');
  await query(
    `INSERT INTO chat.messages (id, workspace_id, channel_id, seq, ordinal, sender_id, client_message_id, text, created_at)
     SELECT ${id('d', 'n')}, $1, ${id('c', '1')}, n, n, ${sender}, ${id('e', 'n')}, 'Message number ' || n || ' of many',
       now() - ($2::int - n) * interval '1 second'
     FROM generate_series(1, $2::int) n`,
    [workspaceId, messages, members],
  );
  await query(
    `INSERT INTO chat.messages (id, workspace_id, channel_id, seq, ordinal, sender_id, client_message_id, text, created_at)
     SELECT ${id('f', 'c * 100 + n')}, $1, ${id('c', 'c')}, n, n, $3, ${id('f', 'c * 100 + n')}, 'Hello ' || n, now()
     FROM generate_series(2, $2::int) c, generate_series(1, 10) n`,
    [workspaceId, channels, owner],
  );
  // One in a thousand messages is deleted, calls the owner, carries reactions or has replies.
  await query(
    `UPDATE chat.messages SET deleted_at = now(), text = '' WHERE channel_id = ${id('c', '1')} AND seq % 1000 = 1`,
  );
  await query(
    `INSERT INTO chat.message_mentions (target_id, message_id, workspace_id, channel_id, seq, in_channel, sender_id)
     SELECT $1, id, workspace_id, channel_id, seq, true, sender_id FROM chat.messages
     WHERE channel_id = ${id('c', '1')} AND seq % 1000 = 2`,
    [owner],
  );
  await query(
    `INSERT INTO chat.reactions (message_id, emoji, user_id, author_id, workspace_id, channel_id, created_at)
     SELECT m.id, '👍', ${id('a', 'k')}, m.sender_id, m.workspace_id, m.channel_id, now()
     FROM chat.messages m, generate_series(1, 30) k WHERE m.channel_id = ${id('c', '1')} AND m.seq % 1000 = 3`,
  );
  await query(
    `INSERT INTO chat.threads (root_id, workspace_id, channel_id, reply_count, last_seq, last_reply_at, participant_ids)
     SELECT id, workspace_id, channel_id, 1, seq, created_at, ARRAY[sender_id] FROM chat.messages
     WHERE channel_id = ${id('c', '1')} AND seq % 1000 = 4`,
  );
  await query(
    `INSERT INTO chat.thread_members (thread_id, user_id, workspace_id, channel_id, following, last_read_seq)
     SELECT root_id, $1, workspace_id, channel_id, true, 0 FROM chat.threads`,
    [owner],
  );
  await query(
    `UPDATE chat.messages SET decorated = true WHERE channel_id = ${id('c', '1')} AND seq % 1000 IN (3, 4)`,
  );
  await query(`VACUUM ANALYZE`);
  return { channelId: '0190000c-0000-7000-8000-000000000001' };
};
