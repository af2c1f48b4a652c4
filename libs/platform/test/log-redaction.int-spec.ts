import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

describe('the log', () => {
  it('is JSON lines that hold no credentials, wherever they hide', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--experimental-transform-types',
      '--no-warnings',
      '--input-type=module',
      '--eval',
      `import { createLogger } from ${JSON.stringify(new URL('../src/logger.ts', import.meta.url).href)};
       const log = createLogger('chat', 'info');
       const secret = 's3cret';
       log.info({ token: secret, password: secret, cookie: secret, authorization: secret }, 'top');
       log.info({ req: { headers: { authorization: secret, cookie: secret } } }, 'nested');
       log.info({ clientSecret: secret, refreshToken: secret, body: { accessToken: secret, refreshToken: secret, token: secret, name: 'Ada' } }, 'body');
       log.error({ err: Object.assign(new Error('failed', { cause: Object.assign(new Error('inner'), { detail: secret }) }), { code: '22021', parameters: [secret], query: secret }) }, 'query');
       log.debug('too quiet');`,
    ]);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ level, service, msg }) => [level, service, msg])).toEqual([
      ['info', 'chat', 'top'],
      ['info', 'chat', 'nested'],
      ['info', 'chat', 'body'],
      ['error', 'chat', 'query'],
    ]);
    expect(lines[0]).toMatchObject({ time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) });
    expect(lines[2]).toMatchObject({ body: { name: 'Ada', token: '[redacted]' } });
    expect(lines[3]).toMatchObject({
      err: { message: 'failed', code: '22021', cause: { message: 'inner' } },
    });
    expect(stdout).not.toContain('s3cret');
  });
});
