import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Message, Presence, Presences, PresenceChanged } from '#contracts';
import { eventually, openStream, type EventStream } from '#testing';
import { RunningParley, type Person } from './running-parley.js';

const TTL_MS = 4000;
const NOTIFIES = ['notify', 'notify-2'] as const;
const isTyping = ({ event }: { event: string }) => event.startsWith('typing.');

/** One instance of a client; comes back when its stream ends, and shows what it showed. */
class Device {
  readonly id = randomUUID();
  stream: EventStream | undefined;
  private shown: readonly Person[] = [];

  constructor(
    readonly owner: Person,
    private readonly workspaceId: string,
  ) {}

  async open(): Promise<this> {
    const { parley, token } = this.owner;
    const url = `${parley.url}/api/v1/workspaces/${this.workspaceId}/events?deviceId=${this.id}`;
    this.stream = await eventually(() => openStream(url, token));
    await this.stream.next((frame) => frame.event === 'stream.ready');
    return this;
  }

  async show(...people: Person[]): Promise<Presence[]> {
    this.shown = people;
    const route = `PUT /workspaces/${this.workspaceId}/presence/subscriptions`;
    const userIds = people.map(({ id }) => id);
    return eventually(async () => {
      const reply = await this.owner.call<Presences>(route, { deviceId: this.id, userIds });
      expect(reply.status).toBe(200);
      return reply.body.presences;
    });
  }

  async report(state: string): Promise<void> {
    await eventually(async () => {
      const reply = await this.owner.call('PUT /me/presence', { deviceId: this.id, state });
      expect(reply.status).toBe(200);
    });
  }

  /** Waits until it sees somebody so, by what it is told and by what it asks when it has to come back. */
  async sees(person: Person, state: Presence['state']): Promise<Presence> {
    const deadline = Date.now() + 20_000;
    const wanted = (presences: readonly Presence[]) =>
      presences.find((one) => one.userId === person.id && one.state === state);
    while (Date.now() < deadline) {
      const frame = await this.stream?.next(({ event }) => event === 'presence.changed').catch(() => null);
      const presences = frame
        ? (JSON.parse(frame.data) as PresenceChanged).data.presences
        : await (await this.open()).show(...this.shown);
      const found = wanted(presences);
      if (found) return found;
    }
    throw new Error(`${person.email} was not seen ${state}`);
  }

  async close(): Promise<void> {
    await this.stream?.close();
  }
}

describe('who is there and who is writing, through the gateway', () => {
  let parley: RunningParley;
  let ada: Person;
  let bob: Person;
  let workspaceId: string;
  let channelId: string;
  beforeAll(async () => {
    parley = await RunningParley.start({
      services: ['gateway', 'chat', ...NOTIFIES],
      engines: ['postgres', 'nats', 'redis'],
      env: { PRESENCE_TTL_MS: String(TTL_MS), PRESENCE_TICK_MS: '200' },
    });
    ({ ada, bob, workspaceId, channelId } = await parley.team());
  }, 120_000);
  afterAll(() => parley?.stop(), 60_000);

  const streamsOn = async (name: string): Promise<number> => {
    const text = await (await fetch(`${parley.instance.urls[name] as string}/metrics`)).text();
    return Number(/^parley_streams_open(?:\{[^}]*\})? (\d+)$/m.exec(text)?.[1]);
  };

  it('is told to all devices of the others, and right after kill -9 of the notify that knew it', async () => {
    const bobs = await Promise.all([1, 2].map(() => new Device(bob, workspaceId).open()));
    for (const device of bobs) expect(await device.show(ada)).toMatchObject([{ state: 'offline' }]);
    const before = await Promise.all(NOTIFIES.map(streamsOn));
    const laptop = await new Device(ada, workspaceId).open();
    await laptop.report('active');
    await Promise.all(bobs.map((device) => device.sees(ada, 'online')));
    const after = await Promise.all(NOTIFIES.map(streamsOn));
    const holder = NOTIFIES.find((_, index) => (after[index] ?? 0) > (before[index] ?? 0));
    if (!holder) throw new Error('no notify holds the stream');
    // Held by its stream alone, for longer than a sign of life lasts.
    await Promise.all(bobs.map((device) => device.sees(ada, 'away')));

    const killedAt = Date.now();
    await parley.instance.kill(holder, 'SIGKILL');
    const gone = await Promise.all(bobs.map((device) => device.sees(ada, 'offline')));
    for (const { lastSeenAt } of gone) expect(Date.parse(lastSeenAt ?? '')).toBeLessThanOrEqual(killedAt);

    await laptop.open();
    await laptop.report('active');
    await Promise.all(bobs.map((device) => device.sees(ada, 'online')));
    await parley.instance.start(holder);
    await Promise.all([laptop, ...bobs].map((device) => device.close()));
  }, 90_000);

  it('tells of writing to all devices of the others until it is sent, and to none of the typist', async () => {
    const [adas, bobs] = await Promise.all(
      [ada, bob].map((person) => Promise.all([1, 2, 3].map(() => new Device(person, workspaceId).open()))),
    );
    const type = (state: string) => ada.call(`POST /channels/${channelId}/typing`, { state });
    expect((await type('start')).status).toBe(204);
    const typing = async (device: Device) => {
      const frame = await device.stream?.next(isTyping);
      expect(frame?.id).toBeUndefined();
      return JSON.parse(frame?.data ?? '{}') as { type: string; data: object };
    };
    const data = { userId: ada.id, channelId, threadId: null };
    for (const device of bobs ?? [])
      expect(await typing(device)).toMatchObject({ type: 'typing.started', workspaceId, data });
    const { id } = (await ada.send(channelId, 'what I was writing')).body as Message;
    for (const device of bobs ?? [])
      expect(await typing(device)).toMatchObject({ type: 'typing.stopped', data });
    for (const device of adas ?? []) {
      const stream = device.stream as EventStream;
      const frame = await stream.next((one) => isTyping(one) || one.event === 'message.created');
      expect((JSON.parse(frame.data) as { data: { message: Message } }).data.message.id).toBe(id);
    }
    const eve = await parley.person('Eve');
    const refused = await eve.call(`POST /channels/${channelId}/typing`, { state: 'start' });
    expect([refused.status, refused.body.code]).toEqual([404, 'channel.not_found']);
    await Promise.all([...(adas ?? []), ...(bobs ?? [])].map((device) => device.close()));
  }, 60_000);
});
