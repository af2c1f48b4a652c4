import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { freePort } from '#testing';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..');

/** Starts a service alone; resolves to what it printed when it gave up. */
const startAlone = async (
  service: string,
  env: Record<string, string>,
): Promise<{ code: number; stderr: string }> => {
  try {
    await run(process.execPath, [join(ROOT, 'dist', 'apps', service, 'src', 'main.js')], {
      env: { PATH: process.env['PATH'], PORT: '0', ...env },
      timeout: 30_000,
    });
    return { code: 0, stderr: '' };
  } catch (error) {
    return error as { code: number; stderr: string };
  }
};

describe('a service that can not start', () => {
  it('names each missing engine on a line of its own and exits with 1', async () => {
    const port = await freePort();
    const { code, stderr } = await startAlone('chat', {
      POSTGRES_URL: `postgres://u:secret@127.0.0.1:${port}/x`,
      NATS_URL: `nats://127.0.0.1:${port}`,
      REDIS_URL: `redis://127.0.0.1:${port}`,
      AUTH_SIGNING_KEY: '-----BEGIN PRIVATE KEY-----',
      BOT_CLIENT_SECRET: 'x'.repeat(32),
      SECRETS_KEY: 'x'.repeat(32),
    });
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toEqual(
      ['Postgres', 'NATS', 'Redis'].map(
        (engine) => `chat: ${engine} is not reachable at 127.0.0.1:${port}: ECONNREFUSED`,
      ),
    );
    expect(stderr).not.toContain('secret');
  });

  it('lists every problem of its configuration at once, without the values', async () => {
    const { code, stderr } = await startAlone('chat', {
      POSTGRES_URL: 'mysql://u:secret@host/x',
      PORT: 'http',
      LOG_LEVEL: 'loud',
    });
    expect(code).toBe(1);
    for (const name of [
      'POSTGRES_URL',
      'PORT',
      'LOG_LEVEL',
      'AUTH_SIGNING_KEY',
      'SECRETS_KEY',
      'BOT_CLIENT_SECRET',
    ])
      expect(stderr).toContain(`- ${name}: `);
    expect(stderr).not.toContain('secret@');
  });
});
