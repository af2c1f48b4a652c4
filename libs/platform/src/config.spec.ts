import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, loadConfig, setting, settingsOf } from './config.js';
import { httpUrl, natsSettings, postgresSettings, serverSettings } from './settings.js';

const schema = z.object({
  name: setting(z.string().min(3), { env: 'NAME', description: 'what it is called' }),
  server: serverSettings(1234),
  keys: z.object({
    signing: setting(z.string().min(8), { env: 'KEY', description: 'signs', secret: true }),
    old: setting(z.string().min(8).optional(), { env: 'OLD_KEY', description: 'verifies', secret: true }),
  }),
});

const problemsOf = (env: NodeJS.ProcessEnv): string[] => {
  try {
    loadConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('the configuration was accepted');
};

describe('the configuration', () => {
  let dir: string;
  const file = (content: string): string => {
    const path = join(dir, 'secret');
    writeFileSync(path, content);
    return path;
  };
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'parley-config-'));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  it('is nested, converted, complete with defaults and frozen to the bottom', () => {
    const config = loadConfig(schema, { NAME: 'parley', KEY: '12345678', PORT: '8080' });
    expect(config).toEqual({
      name: 'parley',
      server: { host: '127.0.0.1', port: 8080 },
      keys: { signing: '12345678' },
    });
    expect(() => ((config.server as { port: number }).port = 1)).toThrow(TypeError);
    expect(() => ((config as { name: string }).name = 'x')).toThrow(TypeError);
  });

  it('lists all problems at once, each by its variable and what that is for', () => {
    const problems = problemsOf({ NAME: 'no', PORT: '99999', OLD_KEY: 'short' });
    expect(problems).toHaveLength(4);
    for (const [index, variable] of ['NAME', 'PORT', 'KEY', 'OLD_KEY'].entries())
      expect(problems[index]).toMatch(new RegExp(`^${variable}: .+ — .+`));
  });

  it('never repeats a value, so that no secret reaches a log', () => {
    const message = problemsOf({ NAME: 'parley', KEY: 's3cret', OLD_KEY: 'hidden', PORT: 'p0rt' }).join();
    for (const value of ['s3cret', 'hidden', 'p0rt']) expect(message).not.toContain(value);
  });

  it('does not repeat the password of a URL it refuses', () => {
    expect(() => loadConfig(postgresSettings, { POSTGRES_URL: 'mysql://u:s3cret@h/db' })).toThrow(
      /^(?!.*s3cret)[^]*POSTGRES_URL/,
    );
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig(schema, { NAME: 'parley', KEY: '12345678', PORT: '', KEY_FILE: '' })).toMatchObject({
      server: { port: 1234 },
    });
  });

  it('reads a secret from a file, without the line end', () => {
    const config = loadConfig(schema, { NAME: 'parley', KEY_FILE: file('from-a-file\n') });
    expect(config.keys.signing).toBe('from-a-file');
  });

  it('prefers the variable to the file', () => {
    const env = { NAME: 'parley', KEY: 'from-the-variable', KEY_FILE: file('from-a-file') };
    expect(loadConfig(schema, env).keys.signing).toBe('from-the-variable');
  });

  it('does not read files for settings that are no secrets', () => {
    expect(problemsOf({ NAME_FILE: file('parley'), KEY: '12345678' })).toEqual([
      expect.stringMatching(/^NAME: /),
    ]);
  });

  it('tells a secret file that cannot be read once, beside the other problems', () => {
    const problems = problemsOf({ KEY_FILE: join(dir, 'missing') });
    expect(problems).toEqual([
      expect.stringMatching(/^KEY_FILE: cannot read .*missing \(ENOENT\)$/),
      expect.stringMatching(/^NAME: /),
    ]);
  });

  it('refuses even an optional secret whose file is missing', () => {
    expect(problemsOf({ NAME: 'parley', KEY: '12345678', OLD_KEY_FILE: join(dir, 'missing') })).toEqual([
      expect.stringMatching(/^OLD_KEY_FILE: /),
    ]);
  });

  it('names every setting for the docs', () => {
    expect(settingsOf(schema).map(({ env, path }) => [env, path.join('.')])).toEqual([
      ['NAME', 'name'],
      ['HOST', 'server.host'],
      ['PORT', 'server.port'],
      ['KEY', 'keys.signing'],
      ['OLD_KEY', 'keys.old'],
    ]);
  });

  it('refuses a schema with a key that nobody could set', () => {
    expect(() => settingsOf(z.object({ a: z.object({ b: z.string() }) }))).toThrow(/a\.b is not a setting/);
  });
});

describe('the shared settings', () => {
  it('have defaults that suit a local instance', () => {
    expect(loadConfig(natsSettings, {})).toMatchObject({ url: 'nats://127.0.0.1:4222', partitions: 1 });
    expect(loadConfig(postgresSettings, {}).poolSize).toBe(10);
  });

  it('accept URLs of the right protocol only and drop trailing slashes', () => {
    const urls = z.object({ chat: httpUrl('CHAT_URL', 'http://127.0.0.1:6688', 'chat') });
    expect(loadConfig(urls, { CHAT_URL: 'https://chat.example//' }).chat).toBe('https://chat.example');
    expect(() => loadConfig(urls, { CHAT_URL: 'ftp://chat.example' })).toThrow('CHAT_URL');
    expect(() => loadConfig(natsSettings, { NATS_URL: 'http://127.0.0.1' })).toThrow('nats or tls URL');
  });
});
