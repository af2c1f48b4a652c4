import { randomBytes } from 'node:crypto';
import { createClient } from '@clickhouse/client';
import { ownEngine } from './own-engine.js';

export type TestClickHouse = { url: string; database: string; stop(): Promise<void> };

/** A new database in the server of TEST_CLICKHOUSE_URL, else in a sidecar of its own. */
export const startClickHouse = async (): Promise<TestClickHouse> => {
  const given = process.env['TEST_CLICKHOUSE_URL'];
  const own = given ? null : await ownEngine('clickhouse');
  const url = given || String(own?.engines.clickhouse.url);
  const database = `test_${randomBytes(8).toString('hex')}`;
  const command = async (query: string) => {
    const client = createClient({ url });
    await client.command({ query }).finally(() => client.close());
  };
  await command(`CREATE DATABASE ${database}`);
  return {
    url,
    database,
    stop: async () => {
      await command(`DROP DATABASE IF EXISTS ${database}`).finally(() => own?.stop());
    },
  };
};
