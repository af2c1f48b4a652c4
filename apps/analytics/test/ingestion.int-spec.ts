import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { setTimeout as delay } from 'node:timers/promises';
import { EVENTS_STREAM, type MessageCreated, type WorkspaceId } from '#contracts';
import { aMessage, aMessageCreated, anEvent, eventually, newId } from '#testing';
import { deadLetters, redrive } from '../../../libs/bus/src/dlq-cli.js';
import { batchRows } from '../src/events/ingestion-metrics.js';
import { World } from './running-analytics.js';

describe('ingestion', () => {
  let world: World;
  let app: NestFastifyApplication | undefined;
  let workspaceId: WorkspaceId;

  const messages = (count: number): MessageCreated[] =>
    Array.from({ length: count }, (_, i) => aMessageCreated(aMessage({ workspaceId, seq: i + 1 })));
  const arrives = (count: number, timeoutMs = 10_000) =>
    eventually(async () => expect(await world.count(workspaceId)).toBe(count), { timeoutMs, everyMs: 100 });
  const inserts = async () => {
    const { values } = await batchRows.get();
    const of = (name: string) => values.find(({ metricName }) => metricName?.endsWith(name))?.value ?? 0;
    return { batches: of('_count'), rows: of('_sum') };
  };
  const unsettled = async () => {
    const info = await world.bus.jsm.consumers.info(EVENTS_STREAM, 'analytics');
    return info.num_ack_pending + info.num_pending;
  };

  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world.stop());
  beforeEach(() => {
    workspaceId = newId.workspace();
    world.proxy.set('up');
  });
  afterEach(async () => {
    world.proxy.set('up');
    await eventually(async () => expect(await unsettled()).toBe(0), { timeoutMs: 15_000 });
    await app?.close();
    app = undefined;
  });

  it('takes thousands of events in few inserts, and acknowledges each', async () => {
    app = await world.startAnalytics();
    const before = await inserts();
    await world.publish(...messages(5000));
    await arrives(5000);
    await eventually(async () => expect(await unsettled()).toBe(0));
    const after = await inserts();
    expect(after.rows - before.rows).toBe(5000);
    expect(after.batches - before.batches).toBeLessThan(20);
  });

  it('stores ids, type and length of a message, and not its text', async () => {
    app = await world.startAnalytics();
    const message = aMessage({ workspaceId, text: 'a secret', seq: 7 });
    const event = aMessageCreated(message, { time: '2026-02-03T04:05:06.789Z' });
    await world.publish(event);
    await arrives(1);
    const rows = await world.store.query(
      `SELECT * FROM ${world.store.table('events')} WHERE workspace_id = {workspaceId:UUID}`,
      { workspaceId },
    );
    expect(rows).toEqual([
      {
        id: event.id,
        type: 'message.created',
        time: '2026-02-03 04:05:06.789',
        workspace_id: workspaceId,
        channel_id: message.channelId,
        actor_id: message.senderId,
        message_id: message.id,
        seq: '7',
        text_length: 8,
      },
    ]);
  });

  it('takes events of every type, also types it does not know', async () => {
    app = await world.startAnalytics();
    const left = anEvent('member.left', { userId: newId.user(), reason: 'left' }, { workspaceId });
    const newer = { ...left, id: newId.event(), type: 'reaction.added', data: 7 };
    await world.publish(left, newer as unknown as MessageCreated);
    await arrives(2);
  });

  it('counts an event once that is delivered twice', async () => {
    app = await world.startAnalytics();
    const [event] = messages(1) as [MessageCreated];
    await world.publish(event);
    await arrives(1);
    // Under another message id JetStream stores it again, as a redrive does.
    await world.bus.js.publish(`evt.v1.0.${workspaceId}.user.x.message.created`, JSON.stringify(event));
    await eventually(async () => expect(await world.count(workspaceId, { final: false })).toBe(2));
    expect(await world.count(workspaceId)).toBe(1);
  });

  it('loses and doubles nothing when replies of ClickHouse are lost', async () => {
    app = await world.startAnalytics();
    await world.publish(...messages(1));
    await arrives(1);
    world.proxy.set('mute');
    await world.publish(...messages(50));
    await arrives(51);
    expect(await unsettled()).toBe(50);
    world.proxy.set('up');
    await eventually(async () => expect(await unsettled()).toBe(0), { timeoutMs: 20_000 });
    expect(await world.count(workspaceId)).toBe(51);
    expect(await deadLetters(world.bus)).toEqual([]);
  });

  it('catches up after an outage of ClickHouse without loss and without dead letters', async () => {
    app = await world.startAnalytics();
    await world.publish(...messages(10));
    await arrives(10);
    world.proxy.set('down');
    await world.publish(...messages(500));
    await delay(3500);
    expect(await unsettled()).toBe(500);
    const ready = await fetch(`${await app.getUrl()}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({
      status: 'unready',
      checks: { clickhouse: { status: 'down' } },
    });
    world.proxy.set('up');
    await arrives(510, 15_000);
    await eventually(async () => expect(await unsettled()).toBe(0));
    expect(await deadLetters(world.bus)).toEqual([]);
  });

  it('starts without ClickHouse, is live but not ready, and becomes ready with it', async () => {
    await world.store.command(`DROP TABLE ${world.store.table('events')}`);
    world.proxy.set('down');
    app = await world.startAnalytics();
    const url = await app.getUrl();
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);
    world.proxy.set('up');
    await eventually(async () => expect((await fetch(`${url}/health/ready`)).status).toBe(200));
    await world.publish(...messages(1));
    await arrives(1);
  });

  it('makes the table again when it was dropped meanwhile', async () => {
    app = await world.startAnalytics();
    await world.store.command(`DROP TABLE ${world.store.table('events')}`);
    await world.publish(...messages(3));
    await eventually(async () => expect(await world.count(workspaceId)).toBe(3), { timeoutMs: 10_000 });
  });

  it('moves a poison event to the dead letters, past which the others go, and takes it redriven', async () => {
    app = await world.startAnalytics();
    await world.bus.js.publish(`evt.v1.0.${workspaceId}.user.x.message.created`, 'not json');
    await world.publish(...messages(3));
    await arrives(3);
    const [letter] = await eventually(async () => {
      const letters = await deadLetters(world.bus);
      expect(letters).toHaveLength(1);
      return letters;
    });
    expect(letter).toMatchObject({ consumer: 'analytics', reason: 'the payload is not an event' });
    if (!letter) return;
    // What an operator does once the payload (or the consumer) is right.
    const [repaired] = messages(1);
    await redrive(world.bus, { ...letter, payload: new TextEncoder().encode(JSON.stringify(repaired)) });
    await arrives(4);
    expect(await deadLetters(world.bus)).toEqual([]);
  });

  it('finishes the batch in hand when it is stopped', async () => {
    app = await world.startAnalytics();
    await world.publish(...messages(100));
    await delay(30);
    await app.close();
    app = undefined;
    const settled = await world.count(workspaceId);
    expect(await unsettled()).toBe(100 - settled);
    app = await world.startAnalytics();
    await arrives(100);
  });
});
