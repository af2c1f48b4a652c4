import { spawn } from 'node:child_process';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createClient } from '@clickhouse/client';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import {
  eventually,
  startClickHouse,
  startNats,
  startPostgresDatabase,
  startRedis,
  type EngineProcess,
} from '#testing';

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('throwaway engines', () => {
  const started: EngineProcess[] = [];
  afterAll(() => Promise.all(started.map((engine) => engine.stop())));

  it('keeps what Redis has stored over kill -9 and restart, and nothing after stop', async () => {
    const engine = await startRedis();
    started.push(engine);
    const before = new Redis(engine.url);
    await before.set('key', 'value');
    before.disconnect();
    const { pid } = engine;
    await engine.kill('SIGKILL');
    expect(alive(pid)).toBe(false);
    await engine.restart();
    const after = new Redis(engine.url);
    expect(await after.get('key')).toBe('value');
    after.disconnect();
  });

  it('brings NATS back at the same port', async () => {
    const engine = await startNats();
    started.push(engine);
    const { pid, port } = engine;
    await engine.restart();
    expect(engine.pid).not.toBe(pid);
    expect(engine.port).toBe(port);
    expect(alive(pid)).toBe(false);
  });

  it('says why an engine does not start', async () => {
    await expect(startNats({ storeDir: '/dev/null/store' })).rejects.toThrow(/did not start/);
  });

  it('gives each test a Postgres database of its own', async () => {
    const database = await startPostgresDatabase();
    const client = new Client({ connectionString: database.url });
    await client.connect();
    expect((await client.query('SELECT current_database() AS name')).rows[0]).toEqual({
      name: new URL(database.url).pathname.slice(1),
    });
    await client.end();
    await database.drop();
    await expect(new Client({ connectionString: database.url }).connect()).rejects.toThrow();
  });

  it('gives each test a ClickHouse database of its own', async () => {
    const clickhouse = await startClickHouse();
    const { url, database } = clickhouse;
    const client = createClient({ url, database });
    const reply = await client.query({ query: 'SELECT currentDatabase() AS name', format: 'JSONEachRow' });
    expect(await reply.json()).toEqual([{ name: database }]);
    await client.close();
    await clickhouse.stop();
  });
});

describe('a test process that is killed', () => {
  it('takes its engines with it', async () => {
    const source = new URL('../src/engine-process.ts', import.meta.url).href;
    const owner = spawn(process.execPath, [
      '--experimental-transform-types',
      '--input-type=module',
      '--eval',
      `import { Engine } from ${JSON.stringify(source)};
       const engine = new Engine({ program: 'sleep', args: ['60'], ready: async () => true });
       await engine.start();
       console.log(engine.pid);
       setInterval(() => {}, 1000);`,
    ]);
    const pid = await new Promise<number>((resolve) =>
      owner.stdout.once('data', (data: Buffer) => resolve(Number(data.toString()))),
    );
    expect(alive(pid)).toBe(true);
    owner.kill('SIGKILL');
    await eventually(() => expect(alive(pid)).toBe(false));
  });
});
