import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, escapeLiteral } from 'pg';
import { Database, type Statement } from '#db';
import { routes, type OperationId, type Route } from '#contracts';
import { LARGE, seedLargeWorkspace } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

type Run = { statement: Statement; values: unknown[] };
type Plan = {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: Plan[];
};

/**
 * Rows that a list may touch: its page with all that hangs on it, the 300 channels that the reader is in,
 * and of the busy one, never read, a thousand deletions, mentions and threads each. Fewer than there are
 * public channels.
 */
const MOST_ROWS = 7_000;
/** Words that few names have are looked for in all of them. */
const ALL_NAMES = new Map([['channels_browse_name_found', 9_000]]);
/** These are small whatever the size of the workspace. */
const SMALL = new Set(['roles', 'workspaces', 'groups']);

const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];
const textOf = (value: unknown): string => {
  if (Array.isArray(value)) return `{${value.map((item) => JSON.stringify(String(item))).join(',')}}`;
  return value instanceof Date ? value.toISOString() : String(value);
};

const rowsOf = (node: Plan): number => {
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return Math.round((node['Actual Rows'] + removed) * node['Actual Loops']);
};
/** What to look at when a list reads too much. */
const costly = (plan: Plan): string[] =>
  nodes(plan)
    .filter((node) => node['Relation Name'] && rowsOf(node) > 200)
    .map((node) => `${node['Node Type']} ${node['Relation Name'] ?? ''}: ${rowsOf(node)}`);

const touched = (plan: Plan): number =>
  nodes(plan)
    .filter((node) => node['Relation Name'])
    .reduce((sum, node) => sum + rowsOf(node), 0);

describe('a workspace of 50,000 people, 10,000 channels and a channel of a million messages', () => {
  let chat: RunningChat;
  let ada: Person;
  let sql: Client;
  const ids: Record<string, string> = {};
  let runs: Run[] = [];

  beforeAll(async () => {
    chat = await RunningChat.start();
    ada = await chat.person('Ada');
    ids['workspaceId'] = (await chat.workspace(ada)).id;
    sql = new Client({ connectionString: chat.database.url });
    await sql.connect();
    const { channelId } = await seedLargeWorkspace(
      (text, values) => sql.query(text, values),
      { workspaceId: ids['workspaceId'], owner: ada.id },
      LARGE,
    );
    // As the application's prepared statements are planned.
    for (const setting of ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin', 'jit'])
      await sql.query(`SET ${setting} = off`);
    await sql.query(`SET plan_cache_mode = force_generic_plan`);
    Object.assign(ids, {
      channelId,
      messageId: '0190000d-0000-7000-8000-000000000004',
      userId: '0190000a-0000-7000-8000-000000000001',
    });
    const database = chat.app.get(Database);
    const run = database.run.bind(database);
    database.run = (statement, values = []) => {
      runs.push({ statement, values });
      return run(statement, values);
    };
  }, 240_000);
  afterAll(async () => {
    await sql.end();
    await chat.stop();
  });

  /** The plan that the application's prepared statement has: one for all values. */
  const explain = async ({ statement, values }: Run): Promise<Plan> => {
    const literals = values
      .map((value) => (value === null ? 'NULL' : escapeLiteral(textOf(value))))
      .join(', ');
    await sql.query(`PREPARE explained AS ${statement.text}`);
    const result = await sql.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE explained${values.length > 0 ? `(${literals})` : ''}`,
    );
    await sql.query('DEALLOCATE explained');
    return (result.rows[0] as { 'QUERY PLAN': [{ Plan: Plan }] })['QUERY PLAN'][0].Plan;
  };

  /** Requests of every route that lists; a new one has to be added here. */
  const lists: Partial<Record<OperationId, string[]>> = {
    bootstrap: [''],
    listMembers: ['?limit=50', '?limit=50&q=person'],
    listChannels: ['?limit=50', '?limit=50&q=channel-abc', '?limit=50&sort=members', '?limit=50&sort=recent'],
    listChannelMembers: ['?limit=50'],
    listMessages: [
      '?limit=50',
      '?limit=50&before=500000',
      '?limit=50&after=500000',
      '?limit=50&around=500000',
    ],
    listPins: [''],
    listReplies: [''],
    listSavedItems: [''],
    listReactions: [''],
    listThreads: ['', '?filter=unread'],
    getUnread: [''],
    search: ['?q=nothing'],
    listEmoji: [''],
    listDrafts: [''],
    listReminders: [''],
    listScheduledMessages: [''],
  };
  const requests = Object.entries(lists).flatMap(([operation, queries]) =>
    queries.map((query) => [operation as OperationId, query] as const),
  );

  it.each(requests)('%s%s reads by index, and little more than it returns', async (operation, query) => {
    const route: Route = routes[operation];
    const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? name);
    runs = [];
    const reply = await chat.call(`GET ${path}${query}`, { token: ada.token });
    expect(reply.status).toBe(200);
    expect(runs.length).toBeGreaterThan(0);
    for (const run of runs) {
      const plan = await explain(run);
      const scans = nodes(plan).filter(
        (node) => node['Node Type'] === 'Seq Scan' && !SMALL.has(node['Relation Name'] ?? ''),
      );
      expect({ statement: run.statement.name, scans: scans.map((node) => node['Relation Name']) }).toEqual({
        statement: run.statement.name,
        scans: [],
      });
      expect({
        statement: run.statement.name,
        few: touched(plan) <= (ALL_NAMES.get(run.statement.name) ?? MOST_ROWS) || costly(plan),
      }).toEqual({ statement: run.statement.name, few: true });
    }
  });
});
