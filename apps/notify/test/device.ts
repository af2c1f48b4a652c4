import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { PresenceChanged, type Presence } from '#contracts';
import { openStream, type EventStream } from '#testing';
import type { Person, Reply, RunningNotify } from './running-notify.js';

export type Server = Pick<RunningNotify, 'call' | 'path'>;
/** A client instance of somebody. */
export class Device {
  readonly id = randomUUID();
  stream: EventStream | undefined;

  constructor(
    readonly owner: Person,
    readonly notify: Server,
  ) {}

  async open(): Promise<this> {
    const url = this.notify.path(this.owner.workspaceId, `?deviceId=${this.id}`);
    this.stream = await openStream(url, this.owner.token);
    await this.stream.next((frame) => frame.event === 'stream.ready');
    return this;
  }

  report(state: string, via: Server = this.notify): Promise<Reply> {
    return via.call('PUT /me/presence', {
      token: this.owner.token,
      body: { deviceId: this.id, state },
    });
  }

  /** How these people are now; changes come over the stream. */
  async show(people: Person[], via: Server = this.notify): Promise<Record<string, string>> {
    const { workspaceId, token } = this.owner;
    const body = { deviceId: this.id, userIds: people.map(({ userId }) => userId) };
    const reply = await via.call(`PUT /workspaces/${workspaceId}/presence/subscriptions`, { token, body });
    expect(reply.status).toBe(200);
    const presences = reply.body['presences'] as Presence[];
    return Object.fromEntries(presences.map(({ userId, state }) => [userId, state]));
  }

  /** The changes of the next event. */
  async told(timeoutMs?: number): Promise<Presence[]> {
    const frame = await (this.stream as EventStream).next(
      (one) => one.event === 'presence.changed',
      timeoutMs,
    );
    // Cursors must stay exact: an ephemeral event has none.
    expect(frame.id).toBeUndefined();
    const event = PresenceChanged.strict().parse(JSON.parse(frame.data));
    expect(event.workspaceId).toBe(this.owner.workspaceId);
    return event.data.presences;
  }

  /** Waits until it was told that somebody is so. */
  async toldThat({ userId }: Person, state: Presence['state'], timeoutMs = 20_000): Promise<Presence> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const found = (await this.told(deadline - Date.now())).find((one) => one.userId === userId);
      if (found?.state === state) return found;
    }
  }

  async close(): Promise<void> {
    await this.stream?.close();
  }
}
