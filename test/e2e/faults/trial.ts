import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from '#contracts';
import { eventually } from '../../../libs/testing/src/eventually.ts';
import { startInstance, type Instance } from '../../../deploy/local/instance.mjs';
import { Churn } from './churn.ts';
import { Device } from './device.ts';
import { Ending } from './ending.ts';
import type { Command, DeviceRecord, History, PersonState } from './history.ts';
import { Nemesis } from './nemesis.ts';
import type { Person } from './person.ts';
import type { Plant } from './plants.ts';
import { scheduleOf } from './schedule.ts';
import { peopleOf, roleOf, settle, type Room, type Town } from './town.ts';
import { Writer } from './writer.ts';

export interface TrialOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly plant?: Plant;
  readonly say?: (line: string) => void;
  readonly built?: Promise<unknown>;
  readonly signal?: AbortSignal;
}

const SERVICES = ['gateway', 'chat', 'chat-2', 'notify', 'notify-2'];
const ENGINES = ['postgres', 'nats', 'redis'] as const;
const ENVIRONMENT = {
  LOG_LEVEL: 'warn',
  RATE_LIMIT_PER_MINUTE: '0',
  AUTH_RATE_LIMIT_PER_MINUTE: '0',
  // A frozen process is noticed by its silence.
  STREAM_HEARTBEAT_MS: '1000',
  // Little memory, so that streams are resumed from JetStream, too.
  RING_EVENTS: '400',
};
const WRITER_PAUSE_MS = 250;
/** After the last fault everything has this long to reach everybody. */
const CATCH_UP_MS = 60_000;
/** Time for what must not come to come. */
const GRACE_MS = 1_500;

/** Runs people, devices and the nemesis against a Parley of its own, and tells all that was observed. */
export const runTrial = async (options: TrialOptions): Promise<History> => {
  const instance = await startInstance({
    services: SERVICES,
    engines: ENGINES,
    env: ENVIRONMENT,
    ...(options.built ? { built: options.built } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  try {
    return await new Trial(instance, options).run();
  } finally {
    await instance.stop();
  }
};

class Trial {
  readonly #instance: Instance;
  readonly #options: TrialOptions;
  readonly #commands: Command[] = [];
  readonly #devices: Device[] = [];

  constructor(instance: Instance, options: TrialOptions) {
    this.#instance = instance;
    this.#options = options;
  }

  async run(): Promise<History> {
    const { seed, plant } = this.#options;
    const town = await settle(this.#instance.url);
    const ending = await Ending.of(this.#instance);
    try {
      await ending.settled();
      const since = await ending.head();
      await this.#listen(town);
      // First, so that no fault excuses it.
      await plant?.({
        instance: this.#instance,
        town,
        send: (...what) => this.#send(...what),
        streamsOf: ({ id }) =>
          this.#devices
            .map(({ record }) => record)
            .filter(({ personId }) => personId === id)
            .flatMap(({ heard }) => heard.filter(({ kind }) => kind === 'opened')).length,
      });
      const faults = await this.#suffer(town);
      await this.#sayGoodbye(town);
      await ending.settled();
      const people = (await ending.end(town)).people;
      await this.#caughtUp(people, await ending.log(since));
      await delay(GRACE_MS);
      await Promise.all(this.#devices.map((device) => device.stop()));
      return {
        seed,
        people: peopleOf(town).map((person) => ({
          id: person.id,
          name: person.name,
          role: roleOf(town, person),
        })),
        channels: [town.general, town.plaza, town.vault].map((room) => ({ ...room, since })),
        commands: this.#commands,
        faults,
        log: await ending.log(since),
        devices: this.#devices.map(({ record }) => record),
        end: await ending.end(town),
      };
    } finally {
      await Promise.all(this.#devices.map((device) => device.stop()));
      await ending.close();
    }
  }

  async #device(
    name: string,
    town: Town,
    who: 'ada' | 'bob' | 'cat' | 'eve' | 'mal' | 'tim' | 'gus',
  ): Promise<Device> {
    const device = new Device(this.#instance.url, name, town[who], town.workspaceId);
    this.#devices.push(device);
    return device.start();
  }

  async #listen(town: Town): Promise<void> {
    for (const who of ['ada', 'bob', 'cat', 'eve', 'mal', 'tim', 'gus'] as const)
      await this.#device(`${town[who].name}'s desk`, town, who);
    for (const who of ['cat', 'eve'] as const) await this.#device(`${town[who].name}'s phone`, town, who);
    const { cursor } = await town.ada.bootstrap(town.workspaceId);
    const stranger = new Device(this.#instance.url, "Sam's desk", town.sam, town.workspaceId);
    this.#devices.push(stranger.intrude(cursor ?? ''));
  }

  /** Everybody is busy while things break; returns when all is well again. */
  async #suffer(town: Town) {
    const { seed, durationMs, say = () => undefined } = this.#options;
    const nemesis = new Nemesis(this.#instance, say);
    const { ada, bob, cat, eve, mal, gus, general, plaza, vault } = town;
    const record = (command: Command) => void this.#commands.push(command);
    let going = true;
    const writer = (person: Person, ...rooms: Room[]) =>
      new Writer(person, { rooms, seed, pauseMs: WRITER_PAUSE_MS, record }).run(() => going);
    const busy = Promise.all([
      writer(ada, general, plaza, vault),
      writer(bob, general, plaza, vault),
      writer(cat, general, plaza, vault),
      writer(eve, general),
      writer(mal, general),
      writer(gus, plaza),
      new Churn(town, seed, record).run(() => going),
    ]);
    // Told below, when the faults are over.
    busy.catch(() => (going = false));
    await nemesis.run(scheduleOf(seed, durationMs));
    await delay(2_000);
    going = false;
    await busy;
    return nemesis.faults;
  }

  /** The last word in each channel: whoever has heard it has heard everything. */
  async #sayGoodbye({ ada, general, plaza, vault }: Town): Promise<void> {
    for (const { id } of [general, plaza, vault]) await this.#send(ada, id, 'that was all');
  }

  async #send(person: Person, channelId: string, text: string): Promise<void> {
    const invokedAt = Date.now();
    const clientMessageId = randomUUID();
    const body = { clientMessageId, text };
    const message = await person.must<Message>(`POST /channels/${channelId}/messages`, body);
    const { id, seq } = message;
    const about = { personId: person.id, channelId, clientMessageId, text, invokedAt };
    this.#commands.push({ kind: 'send', ...about, ackedAt: Date.now(), message: { id, seq } });
  }

  /** Waits until each device has the last event of its person's channels; who doesn't is the checker's to tell. */
  async #caughtUp(people: readonly PersonState[], log: History['log']): Promise<void> {
    const lastOf = (channelId: string) =>
      log.findLast(({ addressee, event }) => addressee === channelId && event.type === 'message.created')
        ?.position ?? 0;
    const expected = new Map(
      people.map(({ personId, channels }) => [
        personId,
        Math.max(0, ...channels.map(({ channel }) => lastOf(channel.id))),
      ]),
    );
    const behind = () =>
      this.#devices
        .map(({ position, record }): [DeviceRecord, number] => [record, position])
        .filter(([{ admitted, personId }, position]) => admitted && position < (expected.get(personId) ?? 0));
    const arrived = () => {
      if (behind().length > 0) throw new Error('not everybody has heard everything');
    };
    await eventually(arrived, { timeoutMs: CATCH_UP_MS, everyMs: 100 }).catch(() => undefined);
  }
}
