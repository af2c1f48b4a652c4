import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Message } from '#contracts';
import { eventually, type EventStream } from '#testing';
import { RunningParley, type Person } from './running-parley.js';

/** Follows a workspace like a client: reconnects after its last cursor and counts each event id. */
class Follower {
  readonly seen = new Map<string, number>();
  private cursor: string;
  private stopped = false;
  private stream: EventStream | undefined;
  private readonly running: Promise<void>;

  constructor(
    private readonly person: Person,
    private readonly workspaceId: string,
    cursor: string,
  ) {
    this.cursor = cursor;
    this.running = this.follow();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.stream?.close();
    await this.running;
  }

  private async follow(): Promise<void> {
    while (!this.stopped) {
      try {
        this.stream = await this.person.stream(this.workspaceId, this.cursor);
        for await (const frame of this.stream) {
          if (frame.id) this.cursor = frame.id;
          if (frame.event !== 'message.created') continue;
          const { id } = (JSON.parse(frame.data) as { data: { message: Message } }).data.message;
          this.seen.set(id, (this.seen.get(id) ?? 0) + 1);
        }
      } catch {
        // The fault under test; the next attempt resumes.
      }
      if (!this.stopped) await delay(100);
    }
  }
}

describe('when parts fail under load', () => {
  let parley: RunningParley;
  let ada: Person;
  let bob: Person;
  let workspaceId: string;
  let channelId: string;
  beforeAll(async () => {
    parley = await RunningParley.start({ restart: true });
    ({ ada, bob, workspaceId, channelId } = await parley.team());
  }, 120_000);
  afterAll(() => parley.stop(), 60_000);

  /** Sends until stopped, repeating a send under its id until it is acknowledged, as clients do. */
  const keepSending = () => {
    let going = true;
    const acknowledged: string[] = [];
    const sender = async () => {
      while (going) {
        const clientMessageId = randomUUID();
        for (;;) {
          const reply = await ada.send(channelId, 'under load', clientMessageId).catch(() => null);
          if (reply && (reply.status === 201 || reply.status === 200)) {
            acknowledged.push(reply.body.id);
            break;
          }
          if (reply && reply.status < 500 && reply.status !== 429)
            throw new Error(`refused: ${reply.status} ${reply.body.code}`);
          await delay(50);
        }
        await delay(5);
      }
    };
    const senders = Array.from({ length: 8 }, sender);
    return async () => {
      going = false;
      await Promise.all(senders);
      return acknowledged;
    };
  };

  const survives = async (fault: () => Promise<void>) => {
    const state = await bob.bootstrap(workspaceId);
    const follower = new Follower(bob, workspaceId, state.cursor as string);
    const stopSending = keepSending();
    await delay(500);
    await fault();
    await delay(500);
    const acknowledged = await stopSending();
    expect(acknowledged.length).toBeGreaterThan(20);
    await eventually(() => expect(acknowledged.filter((id) => !follower.seen.has(id))).toEqual([]), {
      timeoutMs: 40_000,
      everyMs: 200,
    });
    await follower.stop();
    expect([...follower.seen.values()].filter((times) => times > 1)).toEqual([]);
    const history = await bob.history(channelId);
    expect(history.map((message) => message.seq)).toEqual(history.map((_, index) => index + 1));
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
  };

  const { kill, start } = {
    kill: (name: string) => parley.instance.kill(name),
    start: (name: string) => parley.instance.start(name),
  };

  it.each(['nats', 'redis', 'postgres'])(
    '%s dies and comes back: every acknowledged message is delivered, once',
    async (engine) => {
      await survives(async () => {
        await kill(engine);
        await delay(1500);
        await start(engine);
        await delay(1500);
      });
    },
    120_000,
  );

  it.each(['chat', 'notify', 'gateway'])(
    '%s dies and comes back: every acknowledged message is delivered, once',
    async (service) => {
      await survives(async () => {
        await kill(service);
        await start(service);
      });
    },
    120_000,
  );

  it('chat dies between commit and publish: the sweeper delivers', async () => {
    const state = await bob.bootstrap(workspaceId);
    const follower = new Follower(bob, workspaceId, state.cursor as string);
    await parley.instance.kill('nats', 'SIGSTOP');
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => ada.send(channelId, 'committed, not published')),
    );
    expect(replies.map((reply) => reply.status)).toEqual(replies.map(() => 201));
    await kill('chat');
    await parley.instance.kill('nats', 'SIGCONT');
    await start('chat');
    const ids = replies.map((reply) => reply.body.id);
    await eventually(() => expect(ids.filter((id) => follower.seen.get(id) !== 1)).toEqual([]), {
      timeoutMs: 30_000,
      everyMs: 100,
    });
    await follower.stop();
  }, 120_000);
});
