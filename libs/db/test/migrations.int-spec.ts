import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migrate } from '#db';
import { startPostgresDatabase, type TestDatabase } from '#testing';

class First1000000000001 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query('CREATE TABLE sample.first (id int)');
    // Long enough for two processes to meet.
    await runner.query('SELECT pg_sleep(0.1)');
  }
  async down(runner: QueryRunner) {
    await runner.query('DROP TABLE sample.first');
  }
}
class Second1000000000002 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query('CREATE TABLE sample.second (id int)');
  }
  async down(runner: QueryRunner) {
    await runner.query('DROP TABLE sample.second');
  }
}
class Broken1000000000003 implements MigrationInterface {
  async up(runner: QueryRunner) {
    await runner.query('CREATE TABLE sample.third (id int)');
    await runner.query('CREATE TABLE sample.first (id int)');
  }
  async down() {
    // never up
  }
}

describe('migrations', () => {
  let postgres: TestDatabase;
  let client: Client;
  beforeAll(async () => {
    postgres = await startPostgresDatabase();
    client = new Client({ connectionString: postgres.url });
    await client.connect();
  });
  afterEach(() => client.query('DROP SCHEMA IF EXISTS sample CASCADE'));
  afterAll(async () => {
    await client.end();
    await postgres.drop();
  });

  const both = [First1000000000001, Second1000000000002];
  const run = (migrations: (new () => MigrationInterface)[], direction?: 'up' | 'down') =>
    migrate(postgres.url, 'sample', migrations, direction);
  const tables = async () => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'sample' ORDER BY 1`,
    );
    return rows.map(({ name }) => name).filter((name) => name !== 'migrations');
  };

  it('run up what is missing, in order, and nothing twice', async () => {
    expect(await run([First1000000000001])).toEqual(['First1000000000001']);
    expect(await run(both)).toEqual(['Second1000000000002']);
    expect(await run(both)).toEqual([]);
    expect(await tables()).toEqual(['first', 'second']);
  });

  it('run down one at a time and up again', async () => {
    await run(both);
    await run(both, 'down');
    expect(await tables()).toEqual(['first']);
    await run(both, 'down');
    expect(await tables()).toEqual([]);
    expect(await run(both)).toHaveLength(2);
  });

  it('run once when several processes start together', async () => {
    const ran = await Promise.all([run(both), run(both), run(both)]);
    expect(ran.flat().sort()).toEqual(['First1000000000001', 'Second1000000000002']);
    expect(await tables()).toEqual(['first', 'second']);
  });

  it('leave nothing of the one that fails, and free the lock', async () => {
    await expect(run([...both, Broken1000000000003])).rejects.toThrow('already exists');
    expect(await tables()).toEqual(['first', 'second']);
    expect(await run(both)).toEqual([]);
  });
});
