import { applyEvent, type View } from '#client';
import { EVENTS_STREAM, parseEventSubject, type ParleyEvent } from '#contracts';
import type { Person } from '../running-chat.js';
import { fetchView } from './fetch-view.js';
import type { World } from './world.js';

type Addressed = { scope: string; id: string; event: ParleyEvent };

/** Reads what was published since the last time, once everything that was committed is published. */
export class Feed {
  private seq = 0;

  constructor(private readonly world: World) {}

  async next(): Promise<Addressed[]> {
    const { chat } = this.world;
    await chat.published();
    const { state } = await chat.bus.jsm.streams.info(EVENTS_STREAM);
    const events: Addressed[] = [];
    for (let seq = Math.max(this.seq + 1, state.first_seq); seq <= state.last_seq; seq++) {
      const message = await chat.bus.jsm.streams.getMessage(EVENTS_STREAM, { seq });
      const address = message && parseEventSubject(message.subject);
      if (message && address && [this.world.workspaceId, '_'].includes(address.workspace))
        events.push({ scope: address.scope, id: address.id, event: message.json<ParleyEvent>() });
    }
    this.seq = state.last_seq;
    return events;
  }
}

/** One person's client: a view that events keep. */
export class Observer {
  private constructor(
    private readonly world: World,
    readonly person: Person,
    private view: View,
  ) {}

  static async of(world: World, person: Person): Promise<Observer> {
    const opened = [world.channelId, world.directId];
    return new Observer(world, person, await fetchView(world, person, { opened, threads: {} }));
  }

  /** What the stream brings to this person, as notify decides it. */
  private hears({ scope, id, event }: Addressed): boolean {
    const { role } = this.view.workspace;
    if (scope === 'user') return id === this.person.id;
    if (scope === 'members') return role !== 'guest' && role !== 'single_channel_guest';
    if (scope === 'admins') return role === 'owner' || role === 'admin';
    if (scope === 'workspace') return true;
    const joining =
      (event.type === 'member.joined' && event.data.user.id === this.person.id) ||
      (event.type === 'channel.created' && event.data.memberIds.some((member) => member === this.person.id));
    return joining || id in this.view.channels;
  }

  /** The view by the events, twice each, and as it is fetched. */
  async compare(events: readonly Addressed[]): Promise<{ applied: View; fetched: View; heard: string[] }> {
    const heard: string[] = [];
    let applied = this.view;
    for (const addressed of events) {
      this.view = applied;
      if (!this.hears(addressed)) continue;
      heard.push(addressed.event.type);
      applied = applyEvent(applyEvent(applied, addressed.event), addressed.event);
    }
    const fetched = await fetchView(this.world, this.person, applied);
    // Told to fetch, a client fetches.
    this.view = fetched;
    return { applied: applied.stale ? fetched : applied, fetched, heard };
  }
}
