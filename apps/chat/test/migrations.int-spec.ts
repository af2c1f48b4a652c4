import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { migrate } from '#db';
import { startPostgresDatabase, type TestDatabase } from '#testing';
import { migrations } from '../src/migrations/index.js';

const CATALOGUE = `
  SELECT 'column' AS kind, table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' '
    || coalesce(column_default, '') AS is
  FROM information_schema.columns WHERE table_schema = 'chat'
  UNION ALL
  SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'chat'
  UNION ALL
  SELECT 'constraint', conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'chat'::regnamespace AND contype <> 'n'
  UNION ALL
  SELECT 'trigger', tgrelid::regclass::text || ' ' || tgname FROM pg_trigger
  WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'chat.%'
  UNION ALL
  SELECT 'function', p.oid::regprocedure::text FROM pg_proc p
  WHERE p.pronamespace = 'chat'::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  ORDER BY 1, 2`;

describe('the migrations of chat', () => {
  let database: TestDatabase;
  let client: Client;
  beforeAll(async () => {
    database = await startPostgresDatabase({ migrations: 'chat' });
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const catalogue = async () =>
    (await client.query<{ kind: string; is: string }>(CATALOGUE)).rows
      .map((row) => `${row.kind} ${row.is}`)
      .filter((line) => !/^\w+ (chat\.)?migrations\b|chat\.migrations\b/.test(line));

  it('stand in the order of their timestamps', () => {
    const stamps = migrations.map(({ name }) => name.slice(-13));
    expect(stamps).toEqual([...stamps].sort());
    expect(new Set(stamps).size).toBe(stamps.length);
  });

  it('run down to nothing, and up again to where they were', async () => {
    const before = await catalogue();
    expect(before.length).toBeGreaterThan(100);
    for (const _ of migrations) await migrate(database.url, 'chat', migrations, 'down');
    expect(await catalogue()).toEqual([]);
    await migrate(database.url, 'chat', migrations, 'up');
    expect(await catalogue()).toEqual(before);
  }, 60_000);
});
