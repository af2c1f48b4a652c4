import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { connectBus, EventPublisher, outbound, type Bus } from '#bus';
import { EVENTS_STREAM, type MessageCreated } from '#contracts';
import { createApplication, createLogger, Health, loadConfig } from '#platform';
import {
  aMessage,
  aMessageCreated,
  eventually,
  servedRoutes,
  startNats,
  unvalidatedParameters,
  type EngineProcess,
} from '#testing';
import { deadLetters, redrive } from '../../../libs/bus/src/dlq-cli.js';
import { BotConfig } from '../src/config.js';
import { bot } from '../src/service.js';
import { CLIENT_SECRET, FakeChat } from './fake-chat.js';

describe('bot', () => {
  let nats: EngineProcess;
  let bus: Bus;
  let chat: FakeChat;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    nats = await startNats();
    bus = await connectBus(nats.url, 'test');
  });
  afterAll(async () => {
    await bus.nats.close();
    await nats.stop();
  });
  beforeEach(async () => {
    chat = await new FakeChat().start();
    app = await startBot(CLIENT_SECRET);
  });
  afterEach(async () => {
    await app.close();
    await chat.stop();
    for (const { config } of await bus.jsm.streams.list().next()) await bus.jsm.streams.delete(config.name);
  });

  const startBot = async (clientSecret: string): Promise<NestFastifyApplication> => {
    const config = loadConfig(BotConfig, {
      NATS_URL: nats.url,
      CHAT_URL: chat.url,
      BOT_CLIENT_SECRET: clientSecret,
      EVENTS_MAX_BYTES: String(1 << 28),
    });
    const logger = createLogger('bot', 'silent');
    const started = await createApplication({ module: bot.module, config, logger, health: new Health() });
    await bot.prepare(started);
    await started.listen(0, '127.0.0.1');
    return started;
  };
  const says = (text: string, fields: Parameters<typeof aMessage>[0] = {}, time = new Date()) =>
    aMessageCreated(aMessage({ text, ...fields }), { time: time.toISOString() });
  const subjectOf = (event: MessageCreated) =>
    outbound(event, { scope: 'channel', id: event.data.message.channelId }, 1).subject;
  const publish = async (event: MessageCreated) => {
    await new EventPublisher(bus.nats).publish({
      id: event.id,
      subject: subjectOf(event),
      payload: JSON.stringify(event),
    });
    return event;
  };
  const settled = (timeoutMs = 5000) =>
    eventually(
      async () => {
        const info = await bus.jsm.consumers.info(EVENTS_STREAM, 'bot');
        expect(info.num_ack_pending + info.num_pending).toBe(0);
      },
      { timeoutMs },
    );
  const answers = (event: MessageCreated) => ({
    channelId: event.data.message.channelId,
    clientMessageId: event.id,
    text: 'pong',
  });

  it('answers /ping in its channel, with and without arguments', async () => {
    const plain = await publish(says('/ping'));
    const withArguments = await publish(says('/ping are you\nthere?'));
    await eventually(() => expect(chat.messages).toHaveLength(2));
    expect(chat.messages).toEqual(expect.arrayContaining([answers(plain), answers(withArguments)]));
  });

  it.each(['ping', 'say /ping', ' /ping', '/pingpong', '/PING', '/unknown', '/'])(
    'does not answer %j',
    async (text) => {
      await publish(says(text));
      await settled();
      expect(chat.sends).toBe(0);
    },
  );

  it('answers once although the event is delivered twice', async () => {
    const event = says('/ping');
    await bus.js.publish(subjectOf(event), JSON.stringify(event));
    await bus.js.publish(subjectOf(event), JSON.stringify(event));
    await settled();
    expect(chat.sends).toBe(2);
    expect(chat.messages).toEqual([answers(event)]);
  });

  it('does not answer itself', async () => {
    await publish(says('/ping', { senderId: chat.botId }));
    await settled();
    expect(chat.sends).toBe(0);
  });

  it('does not answer what is older than five minutes', async () => {
    await publish(says('/ping', {}, new Date(Date.now() - 5 * 60_000 - 1000)));
    const fresh = await publish(says('/ping', {}, new Date(Date.now() - 4 * 60_000)));
    await settled();
    expect(chat.messages).toEqual([answers(fresh)]);
  });

  it('uses one token for many answers, and renews it before it expires', async () => {
    await Promise.all([publish(says('/ping')), publish(says('/ping')), publish(says('/ping'))]);
    await eventually(() => expect(chat.messages).toHaveLength(3));
    expect(chat.tokensIssued).toBe(1);
    await app.close();
    chat.expiresIn = 30;
    app = await startBot(CLIENT_SECRET);
    await publish(says('/ping'));
    await settled();
    await publish(says('/ping'));
    await settled();
    expect(chat.messages).toHaveLength(5);
    expect(chat.tokensIssued).toBeGreaterThanOrEqual(3);
  });

  it('gets a new token when chat refuses the one it has', async () => {
    await publish(says('/ping'));
    await settled();
    chat.revokeTokens();
    const event = await publish(says('/ping'));
    await settled();
    expect(chat.messages).toContainEqual(answers(event));
    expect(chat.tokensIssued).toBe(2);
  });

  it.each([403, 404, 409])('leaves it at that where chat says %i: it is not a member', async (status) => {
    const event = says('/ping');
    chat.closedChannels.set(event.data.message.channelId, status);
    await publish(event);
    await settled();
    expect(chat.sends).toBe(1);
    expect(chat.messages).toEqual([]);
    expect(await deadLetters(bus)).toEqual([]);
  });

  it.each([{ status: 503 }, { status: 500 }, { status: 429, retryAfter: 1 }])(
    'answers later when chat says %j',
    async (failure) => {
      chat.failures = [failure];
      const event = await publish(says('/ping'));
      await settled();
      expect(chat.messages).toEqual([answers(event)]);
      expect(chat.sends).toBe(2);
    },
  );

  it('answers when chat is back from an outage, and says meanwhile that it is degraded', async () => {
    const port = Number(new URL(chat.url).port);
    await chat.stop();
    const event = await publish(says('/ping'));
    const ready = await fetch(`${await app.getUrl()}/health/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ status: 'degraded', checks: { chat: { status: 'down' } } });
    chat = await new FakeChat().start(port);
    await settled(10_000);
    expect(chat.messages).toEqual([answers(event)]);
  });

  it('keeps commands while its secret is wrong', async () => {
    await app.close();
    app = await startBot('not the secret that chat knows of the bot');
    await publish(says('/ping'));
    await eventually(async () => {
      const info = await bus.jsm.consumers.info(EVENTS_STREAM, 'bot');
      expect(info.num_redelivered).toBe(1);
    });
    await app.close();
    app = await startBot(CLIENT_SECRET);
    await settled();
    expect(chat.messages).toHaveLength(1);
  });

  it('moves a poison event to the dead letters and answers it when it is redriven', async () => {
    const event = says('/ping');
    await bus.js.publish(subjectOf(event), '{"type":');
    const [letter] = await eventually(async () => {
      const letters = await deadLetters(bus);
      expect(letters).toHaveLength(1);
      return letters;
    });
    expect(letter).toMatchObject({ consumer: 'bot', subject: subjectOf(event) });
    if (!letter) return;
    // What an operator does once the payload (or the consumer) is right.
    await redrive(bus, { ...letter, payload: new TextEncoder().encode(JSON.stringify(event)) });
    await settled();
    expect(chat.messages).toEqual([answers(event)]);
    expect(await deadLetters(bus)).toEqual([]);
  });

  it('is ready with NATS and chat, counts what it did, and has no public route', async () => {
    await publish(says('/ping'));
    await settled();
    const url = await app.getUrl();
    const ready = await fetch(`${url}/health/ready`);
    expect(await ready.json()).toMatchObject({
      status: 'ready',
      checks: { nats: { status: 'up' }, chat: { status: 'up' } },
    });
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
      /parley_bot_commands_total\{command="ping",outcome="sent"[^}]*\} \d+/,
    );
    expect(servedRoutes(app)).toEqual([]);
    expect(unvalidatedParameters(app)).toEqual([]);
  });
});
