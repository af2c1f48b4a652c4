import type { Command, Heard, History, LogEntry, PersonRecord } from './history.ts';

/** Positions after `from` and before `to`: while somebody belonged somewhere. */
export interface Stay {
  readonly from: number;
  /** When the event that ended it was made; nobody was told to leave before. */
  readonly endedAt: number;
  readonly to: number;
}

/** The parts an event passes between its transaction and the durable stream. */
const RELAY = new Set(['chat', 'chat-2', 'nats', 'postgres']);
/** After an interruption the sweeper still has to find what was left behind. */
const AFTERMATH_MS = 15_000;

const WORKSPACE = 'workspace';
const timeOf = (entry: LogEntry): number => Date.parse(entry.event.time);

/** A history with the indexes that the rules share. */
export class Ledger {
  readonly history: History;
  readonly entries = new Map<number, LogEntry>();
  readonly #people: Map<string, PersonRecord>;
  readonly #rooms: Map<string, string>;
  readonly #stays = new Map<string, Stay[]>();
  readonly #versions = new Map<string, { version: number; at: number }>();
  readonly #untold = new Map<string, { from: number; to: number }[]>();
  readonly #outdated = new Set<number>();
  readonly #sends = new Map<string, Command>();

  constructor(history: History) {
    this.history = history;
    this.#people = new Map(history.people.map((person) => [person.id, person]));
    this.#rooms = new Map(history.channels.map(({ id, name }) => [id, name]));
    for (const entry of history.log) this.entries.set(entry.position, entry);
    for (const command of history.commands)
      if (command.clientMessageId) this.#sends.set(command.clientMessageId, command);
    this.#beginStays();
    for (const entry of history.log) this.#follow(entry);
  }

  person(id: string): PersonRecord {
    return this.#people.get(id) ?? { id, name: id, role: 'stranger' };
  }

  name(id: string): string {
    return this.person(id).name;
  }

  room(id: string | null): string {
    return this.#rooms.get(id ?? '') ?? 'the workspace';
  }

  sendOf(clientMessageId: string): Command | undefined {
    return this.#sends.get(clientMessageId);
  }

  describe({ event, position }: LogEntry): string {
    const seq = event.seq === null ? '' : ` seq ${event.seq}`;
    return `${event.type}${seq} in ${this.room(event.channelId)} (event ${event.id} at ${position})`;
  }

  /** Whether the way to the durable stream was broken at some time between, or shortly before. */
  wasInterrupted(from: number, to: number): boolean {
    return this.history.faults.some(
      (fault) => RELAY.has(fault.target) && fault.from <= to && fault.to + AFTERMATH_MS >= from,
    );
  }

  /** Where an event belongs: stays there decide who hears it. Null for one that has another addressee. */
  #placeOf({ scope, addressee }: LogEntry, personId: string): string | null {
    if (scope === 'channel') return addressee;
    const { role } = this.person(personId);
    if (scope === 'members') return role === 'guest' ? null : WORKSPACE;
    if (scope === 'admins') return role === 'owner' ? WORKSPACE : null;
    return scope === 'workspace' ? WORKSPACE : null;
  }

  /** The stay of a person that an event falls into. */
  stayAt(entry: LogEntry, personId: string): Stay | null {
    const { scope, addressee, position } = entry;
    if (scope === 'user') return addressee === personId ? { from: 0, to: Infinity, endedAt: Infinity } : null;
    const place = this.#placeOf(entry, personId);
    if (place === null) return null;
    return this.stays(place, personId).find(({ from, to }) => from <= position && position <= to) ?? null;
  }

  /** Whether somebody came to belong where the event is after it, and before `at`: what was said is theirs to read. */
  cameAfter(entry: LogEntry, personId: string, at: number): boolean {
    const place = this.#placeOf(entry, personId);
    if (place === null) return false;
    return this.stays(place, personId).some(({ from }) => {
      const arrival = this.entries.get(from);
      return from > entry.position && arrival !== undefined && timeOf(arrival) <= at;
    });
  }

  stays(place: string, personId: string): readonly Stay[] {
    return this.#stays.get(`${place}:${personId}`) ?? [];
  }

  #beginStays(): void {
    const { channels, people } = this.history;
    const since = Math.min(Infinity, ...channels.map((channel) => channel.since));
    for (const { id, role } of people) if (role !== 'stranger') this.#enter(WORKSPACE, id, since);
    for (const channel of channels)
      for (const personId of channel.memberIds) this.#enter(channel.id, personId, channel.since);
  }

  /** A membership event behind a newer one about the same membership: streams pass over it. */
  isOutdated({ position }: LogEntry): boolean {
    return this.#outdated.has(position);
  }

  /** People are told of their own leaving, also when their joining is announced after it. */
  isOwnLeaving({ event }: LogEntry, personId: string): boolean {
    return event.type === 'member.left' && event.data.userId === personId;
  }

  /** Whether somebody belonged there when it happened, although the joining was announced after the leaving. */
  wasInUntold(entry: LogEntry, personId: string): boolean {
    const stays = this.#untold.get(`${entry.addressee}:${personId}`) ?? [];
    return stays.some(({ from, to }) => from <= timeOf(entry) && timeOf(entry) <= to);
  }

  #comesTooLate({ event, position }: LogEntry): boolean {
    if (!(event.type === 'member.joined' || event.type === 'member.left')) return false;
    const { version } = event.data;
    if (version === undefined) return false;
    const userId = event.type === 'member.left' ? event.data.userId : event.data.user.id;
    const key = `${event.channelId ?? WORKSPACE}:${userId}`;
    const newest = this.#versions.get(key) ?? { version: 0, at: 0 };
    if (version >= newest.version) this.#versions.set(key, { version, at: Date.parse(event.time) });
    else {
      this.#outdated.add(position);
      const stay = { from: Date.parse(event.time), to: newest.at };
      if (event.type === 'member.joined') this.#untold.set(key, [...(this.#untold.get(key) ?? []), stay]);
    }
    return version < newest.version;
  }

  #follow(entry: LogEntry): void {
    const { event, position } = entry;
    if (this.#comesTooLate(entry)) return;
    if (event.type === 'member.joined')
      this.#enter(event.data.channel?.id ?? event.channelId ?? WORKSPACE, event.data.user.id, position);
    if (event.type !== 'member.left') return;
    const { userId } = event.data;
    // Who leaves the workspace leaves everything in it.
    const places = event.channelId ? [event.channelId] : [WORKSPACE, ...this.#rooms.keys()];
    for (const place of places) this.#leave(place, userId, entry);
  }

  #enter(place: string, personId: string, from: number): void {
    const key = `${place}:${personId}`;
    const stays = this.#stays.get(key) ?? [];
    this.#stays.set(key, stays);
    if (stays.at(-1)?.to !== Infinity) stays.push({ from, to: Infinity, endedAt: Infinity });
  }

  #leave(place: string, personId: string, entry: LogEntry): void {
    const stays = this.#stays.get(`${place}:${personId}`);
    const last = stays?.at(-1);
    if (!stays || last?.to !== Infinity) return;
    stays[stays.length - 1] = { from: last.from, to: entry.position, endedAt: timeOf(entry) };
  }
}

/** The events a device heard, each once, in the order in which they came. */
export const eventsHeard = (heard: readonly Heard[]) => {
  const seen = new Set<string>();
  return heard.filter(
    (one): one is Extract<Heard, { kind: 'event' }> =>
      one.kind === 'event' && !seen.has(one.id) && seen.add(one.id) !== undefined,
  );
};
