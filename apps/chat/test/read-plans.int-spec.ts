import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { activityKinds } from '#contracts';
import { startPostgresDatabase, type TestDatabase } from '#testing';
import { ACTIVITY, ACTIVITY_COUNT } from '../src/activity/activity.statement.js';
import { UNREAD } from '../src/read-state/read-state.repository.js';
import { READERS } from '../src/receipts/receipts.repository.js';
import { INBOX } from '../src/threads/threads.repository.js';

const id = (kind: string, n: number | string) =>
  `('00000000-0000-7000-${kind}-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
const ME = '00000000-0000-7000-8aaa-000000000001';
const W = '00000000-0000-7000-8bbb-000000000001';
const NEWEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const OLDEST = '00000000-0000-0000-0000-000000000000';

const BY_TIME = [
  'message_mentions_inbox',
  'message_mentions_wide',
  'messages_thread_by_id',
  'reactions_inbox',
];

/** 2,000 channels that I am in, 200,000 messages, every 20th of them a reply, every 50th calls me or all. */
const SEED = [
  `INSERT INTO chat.users (id, kind, name) SELECT ${id('8aaa', 'n')}, 'bot', 'n' || n FROM generate_series(1, 200) n`,
  `INSERT INTO chat.workspaces (id, name, created_by, created_at) VALUES ('${W}', 'w', '${ME}', now())`,
  `INSERT INTO chat.workspace_members (workspace_id, user_id, role, joined_at)
   SELECT '${W}', id, 'member', '2020-01-01' FROM chat.users WHERE name LIKE 'n%'`,
  `INSERT INTO chat.channels (id, workspace_id, kind, name, created_by, created_at, last_seq, last_ordinal)
   SELECT ${id('8ccc', 'n')}, '${W}', 'public', 'c' || n, '${ME}', now(), 100, 95 FROM generate_series(1, 2000) n`,
  `INSERT INTO chat.channel_members (channel_id, user_id, workspace_id, role, joined_at, last_read_seq, last_read_ordinal)
   SELECT ${id('8ccc', 'c')}, ${id('8aaa', 'u')}, '${W}', 'member', '2020-01-01', 50, 48
   FROM generate_series(1, 2000) c CROSS JOIN generate_series(1, 5) u`,
  `INSERT INTO chat.messages (id, workspace_id, channel_id, seq, ordinal, sender_id, client_message_id, text, created_at, thread_id, in_channel)
   SELECT ${id('8ddd', 'n')}, '${W}', ${id('8ccc', '1 + n / 100')}, 1 + n % 100,
     CASE WHEN n % 20 > 0 THEN n % 100 - n % 100 / 20 END, ${id('8aaa', '2 + n % 4')}, gen_random_uuid(), 'text', now(),
     CASE WHEN n % 20 = 0 THEN ${id('8ddd', 'n / 100 * 100 + 1')} END, n % 20 > 0
   FROM generate_series(0, 199999) n`,
  `INSERT INTO chat.threads (root_id, workspace_id, channel_id, reply_count, last_seq, last_reply_at, participant_ids)
   SELECT ${id('8ddd', 'c * 100 - 99')}, '${W}', ${id('8ccc', 'c')}, 5, 81, now() - c * interval '1 min', '{}' FROM generate_series(1, 2000) c`,
  `INSERT INTO chat.thread_members (thread_id, user_id, workspace_id, channel_id, following, last_read_seq)
   SELECT root_id, '${ME}', '${W}', channel_id, true, 41 FROM chat.threads`,
  `INSERT INTO chat.message_mentions (target_id, message_id, workspace_id, channel_id, seq, thread_id, in_channel, sender_id)
   SELECT CASE WHEN seq % 2 = 0 THEN '${ME}' ELSE channel_id END, id, workspace_id, channel_id, seq, thread_id, in_channel, sender_id
   FROM chat.messages WHERE seq % 50 = 1 OR seq % 50 = 2`,
  `INSERT INTO chat.reactions (message_id, emoji, user_id, author_id, workspace_id, channel_id, created_at)
   SELECT id, 'x', ${id('8aaa', '2')}, '${ME}', '${W}', channel_id, created_at + seq * interval '1 s' FROM chat.messages WHERE seq % 10 = 0`,
  `UPDATE chat.messages SET deleted_at = now() WHERE seq % 25 = 3`,
  `ANALYZE`,
];

describe('reading what is unread in a large workspace', () => {
  let database: TestDatabase;
  let client: Client;
  beforeAll(async () => {
    database = await startPostgresDatabase({ migrations: 'chat' });
    // As `Database` sets up the connections of prepared statements.
    client = new Client({
      connectionString: database.url,
      options:
        '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c plan_cache_mode=force_generic_plan -c jit=off',
    });
    await client.connect();
    for (const statement of SEED) await client.query(statement);
  }, 60_000);
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const lists = {
    'the badges': [
      UNREAD,
      [ME, W],
      ['channel_members_by_user', 'messages_removed', 'message_mentions_unread'],
    ],
    'the threads': [
      INBOX,
      [ME, W, 'infinity', NEWEST, true, 51],
      ['thread_members_mine', 'threads_pkey', 'messages_thread'],
    ],
    'the activity': [ACTIVITY, [ME, W, NEWEST, OLDEST, activityKinds, 51, 'infinity', '-infinity'], BY_TIME],
    'the new activity': [
      ACTIVITY_COUNT,
      [ME, W, NEWEST, OLDEST, activityKinds, 100, 'infinity', '-infinity'],
      BY_TIME,
    ],
    'the readers': [
      READERS,
      [`00000000-0000-7000-8ccc-000000000001`, 20, '2026-01-01T00:00:00Z', ME, true, null, '', OLDEST, 51],
      ['channel_members_\\w+'],
    ],
  } as const;

  it.each(Object.entries(lists))(
    'finds %s by index, in order, in time',
    async (_, [statement, values, indexes]) => {
      await client.query({ name: statement.name, text: statement.text, values: [...values] });
      const literal = (value: (typeof values)[number]) =>
        value === null ? 'NULL' : `'${Array.isArray(value) ? `{${value.join(',')}}` : String(value)}'`;
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN (ANALYZE) EXECUTE ${statement.name} (${values.map(literal).join(', ')})`,
      );
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).not.toMatch(/Seq Scan/);
      for (const index of indexes) expect(plan).toMatch(new RegExp(`using ${index} `));
      // Far above what it takes here, far below what reading all messages takes.
      const [, ms] = /Execution Time: ([\d.]+) ms/.exec(plan) ?? [];
      expect(Number(ms)).toBeLessThan(1_000);
    },
  );

  it('has something to find', async () => {
    const found = async ([statement, values]: (typeof lists)[keyof typeof lists]) =>
      (
        await client.query<Record<string, unknown>>({
          name: statement.name,
          text: statement.text,
          values: [...values],
        })
      ).rows;
    const [badges] = await found(lists['the badges']);
    expect(badges?.['channels']).toHaveLength(2000);
    expect(badges?.['threads']).toMatchObject({ unreadCount: 2000 });
    expect(await found(lists['the threads'])).toHaveLength(51);
    const kinds = (await found(lists['the activity'])).map((row) => row['kind']);
    expect(kinds).toHaveLength(51);
    expect(await found(lists['the readers'])).toEqual([]);
  });
});
