import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { MigrationInterface } from 'typeorm';
import { migrate } from '#db';
import { ownEngine } from './own-engine.js';

export type TestDatabase = { url: string; drop(): Promise<void> };

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Migration classes of a service, read where they are written: no lib may import an app. */
const migrationsOf = async (app: string): Promise<(new () => MigrationInterface)[]> => {
  const file = join(ROOT, 'apps', app, 'src', 'migrations', 'index.ts');
  if (!existsSync(file)) throw new Error(`${app} has no migrations: ${file}`);
  const exported = (await import(file)) as Record<string, unknown>;
  return Object.values(exported)
    .flat()
    .filter((value): value is new () => MigrationInterface => typeof value === 'function');
};

const run = async (url: string, sql: string): Promise<void> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};

const cluster = async (): Promise<{ url: string; stop: () => Promise<void> }> => {
  const given = process.env['TEST_POSTGRES_URL'];
  if (given) return { url: given, stop: async () => undefined };
  const instance = await ownEngine('postgres');
  return { url: instance.engines.postgres.url, stop: () => instance.stop() };
};

/** A new database in the cluster of TEST_POSTGRES_URL, else in a cluster of its own. */
export const startPostgresDatabase = async ({
  migrations,
}: { migrations?: 'chat' | 'notify' } = {}): Promise<TestDatabase> => {
  const { url: admin, stop } = await cluster();
  const name = `test_${randomBytes(8).toString('hex')}`;
  const drop = async () => {
    await run(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).finally(stop);
  };
  try {
    await run(admin, `CREATE DATABASE ${name}`);
    const url = new URL(admin);
    url.pathname = `/${name}`;
    if (migrations) await migrate(url.href, migrations, await migrationsOf(migrations));
    return { url: url.href, drop };
  } catch (error) {
    await drop();
    throw error;
  }
};
