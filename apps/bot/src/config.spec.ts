import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '#platform';
import { BotConfig } from './config.js';

const secret = 'a-secret-of-the-bot-that-is-long-enough';

describe('configuration of the bot', () => {
  it('needs nothing but its secret, which may lie in a file', () => {
    const dir = mkdtempSync(join(tmpdir(), 'parley-bot-'));
    const file = join(dir, 'secret');
    writeFileSync(file, `${secret}\n`);
    expect(loadConfig(BotConfig, { BOT_CLIENT_SECRET_FILE: file })).toMatchObject({
      server: { port: 6686 },
      chat: { url: 'http://127.0.0.1:6688', clientSecret: secret },
    });
    rmSync(dir, { recursive: true });
  });

  it('refuses a missing and a short secret, without repeating it', () => {
    expect(() => loadConfig(BotConfig, {})).toThrow(/BOT_CLIENT_SECRET: is required/);
    expect(() => loadConfig(BotConfig, { BOT_CLIENT_SECRET: 'hunter2' })).toThrow(/at least 32/);
    expect(() => loadConfig(BotConfig, { BOT_CLIENT_SECRET: 'hunter2' })).not.toThrow(/hunter2/);
  });
});
