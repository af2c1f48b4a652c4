import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createApplication, createLogger, Health, loadConfig } from '#platform';
import { eventually, startNats, startRedis, testKeys, type EngineProcess, type TestKeys } from '#testing';
import { gatewayConfig } from '../src/config.js';
import { Entrance } from '../src/entrance.js';
import { GatewayModule } from '../src/gateway.module.js';
import { FrontDoor } from '../src/proxy/front-door.js';
import { addPages } from '../src/web/pages.js';
import { cleanUp, closedPort, EVENTS, onCleanup, rawClient, standIn } from './edge.js';
import { notifyStandIn } from './notify-stand-in.js';

let redis: EngineProcess;
let nats: EngineProcess;
let keys: TestKeys;
const folder = mkdtempSync(path.join(tmpdir(), 'gateway-web-'));
const openapi = path.join(folder, 'openapi.json');

beforeAll(async () => {
  [redis, nats, keys] = await Promise.all([startRedis(), startNats(), testKeys()]);
  mkdirSync(path.join(folder, 'assets'));
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><title>client</title>');
  writeFileSync(path.join(folder, 'favicon.svg'), '<svg/>');
  writeFileSync(path.join(folder, 'assets/index-BxC9dEf1.js'), 'export {};');
  writeFileSync(path.join(folder, '.secret'), 'no');
  writeFileSync(
    openapi,
    JSON.stringify({ openapi: '3.1.0', info: { title: 'Parley', version: '1' }, paths: {} }),
  );
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await Promise.all([keys.close(), redis.stop(), nats.stop()]);
});
afterEach(cleanUp);

/** A whole gateway, as main starts it, with stand-ins behind it; chat also publishes the keys. */
const start = async (env: Record<string, string> = {}) => {
  const jwks = await (await fetch(`${keys.chatUrl}/api/v1/auth/jwks`)).text();
  const chat = await standIn((request, response) => {
    response.setHeader('content-type', 'application/json');
    request
      .resume()
      .on('end', () => response.end(request.url?.endsWith('/auth/jwks') ? jwks : '{"ok":true}'));
  });
  const notify = await notifyStandIn();
  const config = loadConfig(gatewayConfig, {
    REDIS_URL: redis.url,
    NATS_URL: nats.url,
    CHAT_URL: chat.url,
    NOTIFY_URL: notify.url,
    ANALYTICS_URL: chat.url,
    WEB_DIR: folder,
    OPENAPI_FILE: openapi,
    ...env,
  });
  const entrance = new Entrance();
  const { serverFactory, clientErrorHandler } = entrance;
  const app = await createApplication({
    module: GatewayModule,
    config,
    logger: createLogger('gateway', 'silent'),
    health: new Health(),
    fastify: { serverFactory, clientErrorHandler },
  });
  await addPages(app.getHttpAdapter().getInstance(), {
    ...config.web,
    secure: config.publicUrl.startsWith('https:'),
  });
  entrance.open(app.get(FrontDoor));
  await app.listen(0, '127.0.0.1');
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= app.close());
  onCleanup(close);
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    chat,
    notify,
    port,
    url,
    close,
    get: (at: string, headers: Record<string, string> = {}) => fetch(url + at, { headers }),
  };
};
const bearer = async (claims?: Parameters<TestKeys['sign']>[0]) => ({
  authorization: `Bearer ${await keys.sign(claims)}`,
});

describe('the API', () => {
  it('is open to a signed token, and to no other', async () => {
    const { get, chat } = await start();
    expect((await get('/api/v1/me', await bearer())).status).toBe(200);
    expect((await get('/api/v1/me', await bearer({ expiresIn: -10 }))).status).toBe(401);
    expect((await get('/api/v1/me', await bearer({ issuer: 'someone' }))).status).toBe(401);
    expect((await get('/api/v1/me')).status).toBe(401);
    expect(chat.seen.filter(({ url }) => url === '/api/v1/me')).toHaveLength(1);
  });

  it('does not call a token bad because chat is down', async () => {
    const { get } = await start({ CHAT_URL: await closedPort() });
    const reply = await get('/api/v1/me', await bearer());
    expect(reply.status).toBe(503);
    expect(await reply.json()).toMatchObject({ code: 'unavailable' });
  });

  it('refuses a revoked session wherever it was revoked', async () => {
    const { get } = await start();
    const client = new Redis(redis.url);
    const sessionId = '0190b0a0-0000-7000-8000-0000000000aa';
    await client.zadd('auth:revoked', Date.now() + 60_000, sessionId);
    client.disconnect();
    const other = await start();
    expect((await other.get('/api/v1/me', await bearer({ sessionId }))).status).toBe(401);
    expect((await get('/api/v1/me', await bearer())).status).toBe(200);
  });
});

describe('rate limits', () => {
  it('are shared by gateways through Redis', async () => {
    const userId = '0190b0a0-0000-7000-8000-0000000000bb';
    const env = { RATE_LIMIT_PER_MINUTE: '30' };
    const [one, two] = [await start(env), await start(env)];
    const token = await bearer({ userId });
    for (let i = 0; i < 25; i += 1) expect((await one.get('/api/v1/me', token)).status).toBe(200);
    await two.get('/api/v1/me', token);
    await eventually(
      async () => {
        const reply = await two.get('/api/v1/me', token);
        expect(Number(reply.headers.get('ratelimit-remaining'))).toBeLessThan(6);
      },
      { everyMs: 300 },
    );
  });

  it('go on locally, and the API with them, while Redis is down; readiness says degraded', async () => {
    const own = await startRedis();
    const { get } = await start({ REDIS_URL: own.url, RATE_LIMIT_PER_MINUTE: '5' });
    await own.stop();
    const token = await bearer();
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) statuses.push((await get('/api/v1/me', token)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    const reply = await get('/health/ready');
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({
      status: 'degraded',
      checks: { redis: { status: 'down' }, chat: { status: 'up' } },
    });
  });
});

describe('health and metrics', () => {
  it('are ready with everything up, with the latency of each', async () => {
    const { get } = await start();
    expect((await get('/health/live')).status).toBe(200);
    const body = (await (await get('/health/ready')).json()) as {
      checks: Record<string, { status: string; latencyMs: number }>;
    };
    expect(Object.keys(body.checks).sort()).toEqual(['analytics', 'chat', 'notify', 'redis']);
    for (const check of Object.values(body.checks))
      expect(check).toEqual({ status: 'up', latencyMs: expect.any(Number) });
  });

  it('are unready without chat, degraded without one of two or without notify', async () => {
    const dead = await closedPort();
    const without = await start({ CHAT_URL: dead });
    expect((await without.get('/health/ready')).status).toBe(503);
    const live = await standIn();
    const half = await start({ CHAT_URL: `${dead},${live.url}`, NOTIFY_URL: dead });
    const reply = await half.get('/health/ready');
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({
      status: 'degraded',
      checks: {
        chat: { status: 'up' },
        notify: { status: 'down' },
        [`chat ${new URL(dead).host}`]: { status: 'down' },
      },
    });
  });

  it('count requests by group, streams, refusals and breakers', async () => {
    const { get, port } = await start({ AUTH_RATE_LIMIT_PER_MINUTE: '1' });
    await get('/api/v1/me', await bearer());
    const client = rawClient(port);
    client.write(
      `GET ${EVENTS} HTTP/1.1\r\nHost: x\r\nAuthorization: ${(await bearer()).authorization}\r\n\r\n`,
    );
    await client.until(/stream\.ready/);
    const text = await (await get('/metrics')).text();
    expect(text).toMatch(
      /parley_gateway_request_duration_seconds_count\{[^}]*group="account"[^}]*status="2xx"/,
    );
    expect(text).toMatch(/parley_gateway_open_streams(?:\{[^}]*\})? 1/);
    expect(text).toMatch(/parley_gateway_breaker_state\{[^}]*state="closed"[^}]*\} 1/);
  });
});

describe('pages', () => {
  it('are the web client, never cached but for files named by their content', async () => {
    const { get } = await start();
    const index = await get('/');
    expect(await index.text()).toContain('<title>client</title>');
    expect(index.headers.get('cache-control')).toBe('no-cache');
    const asset = await get('/assets/index-BxC9dEf1.js');
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect(asset.headers.get('content-type')).toContain('javascript');
    expect((await get('/favicon.svg')).headers.get('cache-control')).toBe('no-cache');
  });

  it('show the client on its own paths, but neither for missing files nor for programs', async () => {
    const { get } = await start();
    const html = { accept: 'text/html' };
    expect(await (await get('/w/demo/general', html)).text()).toContain('<title>client</title>');
    expect((await get('/w/demo/general', { accept: 'application/json' })).status).toBe(404);
    for (const missing of ['/assets/gone-12345678.js', '/.secret', '/%2e%2e/%2e%2e/etc/passwd.txt']) {
      const reply = await get(missing, html);
      expect([400, 403, 404]).toContain(reply.status);
      expect(reply.headers.get('content-type')).toContain('application/problem+json');
    }
  });

  it('carry strict security headers, and HSTS only with HTTPS', async () => {
    const { headers } = await (await start()).get('/');
    const policy = headers.get('content-security-policy');
    for (const part of [
      "default-src 'self'",
      "frame-ancestors 'none'",
      "object-src 'none'",
      "base-uri 'none'",
    ])
      expect(policy).toContain(part);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.has('permissions-policy')).toBe(true);
    expect(headers.has('strict-transport-security')).toBe(false);
    const secure = await start({ PUBLIC_URL: 'https://chat.example' });
    expect((await secure.get('/')).headers.has('strict-transport-security')).toBe(true);
  });

  it('describe the API, cached by ETag, without asking anyone else', async () => {
    const { get } = await start();
    const document = await get('/api/v1/openapi.json');
    expect(await document.json()).toMatchObject({ openapi: '3.1.0' });
    const etag = document.headers.get('etag') ?? '';
    expect((await get('/api/v1/openapi.json', { 'if-none-match': etag })).status).toBe(304);
    expect(await (await get('/api/v1/docs')).text()).toContain('<h1>Parley');
    expect((await get('/api/v1/docs.css')).headers.get('content-type')).toContain('text/css');
  });

  it('say so when there is no web client, and no description', async () => {
    const { get } = await start({ WEB_DIR: '/nowhere', OPENAPI_FILE: '/nowhere' });
    expect(await (await get('/')).text()).toContain('Parley is running');
    expect((await get('/w/demo', { accept: 'text/html' })).status).toBe(404);
    expect((await get('/api/v1/openapi.json')).status).toBe(404);
  });
});

describe('shutdown', () => {
  it('ends streams and returns well within the time to drain', async () => {
    const { port, close, get } = await start();
    await get('/');
    const client = rawClient(port);
    client.write(
      `GET ${EVENTS} HTTP/1.1\r\nHost: x\r\nAuthorization: ${(await bearer()).authorization}\r\n\r\n`,
    );
    await client.until(/stream\.ready/);
    const started = performance.now();
    await close();
    await client.closed;
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('configuration', () => {
  it.each([
    ['CHAT_URL', 'https://chat:1'],
    ['CHAT_URL', 'http://chat:1/path'],
    ['NOTIFY_URL', 'http://a:1,nonsense'],
    ['RATE_LIMIT_PER_MINUTE', '-1'],
    ['PUBLIC_URL', 'chat.example'],
  ])('names %s when it is %j', (name, value) => {
    expect(() => loadConfig(gatewayConfig, { [name]: value })).toThrow(name);
  });

  it('takes several processes of a service', () => {
    const { upstreams } = loadConfig(gatewayConfig, { CHAT_URL: 'http://a:1/, http://b:2' });
    expect(upstreams.chat).toEqual(['http://a:1', 'http://b:2']);
  });
});
