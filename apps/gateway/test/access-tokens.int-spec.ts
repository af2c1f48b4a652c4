import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connectBus, type Bus } from '#bus';
import { rpcSubjects, type IntrospectReply, type IntrospectRequest } from '#contracts';
import {
  accessTokenHash,
  createApplication,
  createLogger,
  Health,
  loadConfig,
  newAccessToken,
} from '#platform';
import { anEvent, eventually, newId, startNats, startRedis, type EngineProcess } from '#testing';
import { gatewayConfig } from '../src/config.js';
import { Entrance } from '../src/entrance.js';
import { GatewayModule } from '../src/gateway.module.js';
import { FrontDoor } from '../src/proxy/front-door.js';
import { cleanUp, standIn, type StandIn } from './edge.js';

describe('a personal access token at the door', () => {
  let redis: EngineProcess;
  let nats: EngineProcess;
  let bus: Bus;
  let app: NestFastifyApplication;
  let chat: StandIn;
  let url: string;
  let questions = 0;
  const known = new Map<string, IntrospectReply['token']>();

  const make = () => {
    const token = newAccessToken();
    const facts = { id: newId.session() as never, userId: newId.user(), scopes: ['*'], expiresAt: null };
    known.set((accessTokenHash(token) as Buffer).toString('base64url'), facts);
    return { token, ...facts };
  };
  const ask = async (token: string) => {
    const reply = await fetch(`${url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    return [reply.status, ((await reply.json()) as { code?: string }).code];
  };
  /** What chat answers over the bus, until `stop`. */
  const answer = () => {
    const subscription = bus.nats.subscribe(rpcSubjects.introspect, {
      callback: (_error, message) => {
        questions++;
        const token = known.get(message.json<IntrospectRequest>().hash) ?? null;
        message.respond(JSON.stringify({ data: { token } }));
      },
    });
    return bus.nats.flush().then(() => subscription);
  };

  beforeAll(async () => {
    [redis, nats] = await Promise.all([startRedis(), startNats()]);
    bus = await connectBus(nats.url, 'test');
    chat = await standIn();
    const env = { REDIS_URL: redis.url, NATS_URL: nats.url, CHAT_URL: chat.url, NOTIFY_URL: chat.url };
    const entrance = new Entrance();
    app = await createApplication({
      module: GatewayModule,
      config: loadConfig(gatewayConfig, { ...env, ANALYTICS_URL: chat.url }),
      logger: createLogger('gateway', 'silent'),
      health: new Health(),
      fastify: { serverFactory: entrance.serverFactory, clientErrorHandler: entrance.clientErrorHandler },
    });
    await app.init();
    entrance.open(app.get(FrontDoor));
    await app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await app.close();
    await cleanUp();
    await bus.nats.close();
    await Promise.all([redis.stop(), nats.stop()]);
  });
  afterEach(() => {
    questions = 0;
    chat.seen.length = 0;
  });

  it('is asked about once and passed on as it came', async () => {
    const subscription = await answer();
    const { token } = make();
    expect([await ask(token), await ask(token)]).toEqual([
      [200, undefined],
      [200, undefined],
    ]);
    expect(questions).toBe(1);
    expect(chat.seen.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${token}`,
      `Bearer ${token}`,
    ]);
    subscription.unsubscribe();
  });

  it('that was never made gets nowhere', async () => {
    const subscription = await answer();
    expect(await ask(newAccessToken())).toEqual([401, 'auth.token_invalid']);
    expect(await ask('parley_pat_nonsense')).toEqual([401, 'auth.token_invalid']);
    expect([questions, chat.seen.length]).toEqual([1, 0]);
    subscription.unsubscribe();
  });

  it('is refused at once when it is revoked, although it is remembered', async () => {
    const subscription = await answer();
    const { token, id, userId } = make();
    expect(await ask(token)).toEqual([200, undefined]);
    const event = anEvent('session.revoked', { sessionId: id }, { workspaceId: null, actorId: userId });
    bus.nats.publish(`evt.v1.0._.user.${userId}.session.revoked`, JSON.stringify(event));
    await eventually(async () => expect(await ask(token)).toEqual([401, 'auth.session_revoked']));
    subscription.unsubscribe();
  });

  it('is unavailable, not invalid, while chat is away; one that is remembered goes on', async () => {
    const subscription = await answer();
    const [remembered, fresh] = [make(), make()];
    expect(await ask(remembered.token)).toEqual([200, undefined]);
    subscription.unsubscribe();
    await bus.nats.flush();
    expect(await ask(fresh.token)).toEqual([503, 'unavailable']);
    expect(await ask(remembered.token)).toEqual([200, undefined]);
    const again = await answer();
    expect(await ask(fresh.token)).toEqual([200, undefined]);
    again.unsubscribe();
  });
});
