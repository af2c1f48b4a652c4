import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { SseParser, type SseFrame } from '../../../libs/client/src/sse-parser.ts';
import type { DeviceRecord, Heard } from './history.ts';
import type { Person } from './person.ts';

/** The server's heartbeat comes every second here: so much silence is a dead line. */
const SILENCE_MS = 5_000;
const RETRY_MS = 200;

const positionOf = (cursor: string): number => Number(cursor.slice(cursor.lastIndexOf('-') + 1));

/** The id of the event, or why there is none. */
const eventIdOf = (data: string): string => {
  try {
    return String((JSON.parse(data) as { id?: string }).id);
  } catch {
    return `unreadable: ${data.slice(0, 80)}`;
  }
};

/** One device of somebody: follows a workspace, resumes after its last event, and notes what it hears. */
export class Device {
  readonly #url: string;
  readonly #person: Person;
  readonly #name: string;
  readonly #workspaceId: string;
  readonly #heard: Heard[] = [];
  #cursor = '';
  #admitted = true;
  #stopped = false;
  #current: ClientRequest | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(url: string, name: string, person: Person, workspaceId: string) {
    this.#url = url;
    this.#name = name;
    this.#person = person;
    this.#workspaceId = workspaceId;
  }

  /** Begins with the state of the workspace, as clients do. */
  async start(): Promise<this> {
    this.#cursor = await this.#fetchState();
    this.#running = this.#follow();
    return this;
  }

  /** Tries to listen without having been let in. */
  intrude(cursor: string): this {
    this.#admitted = false;
    this.#cursor = cursor;
    this.#running = this.#follow();
    return this;
  }

  /** The last event it has heard. */
  get position(): number {
    return positionOf(this.#cursor);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#current?.destroy();
    await this.#running;
  }

  get record(): DeviceRecord {
    return {
      name: this.#name,
      personId: this.#person.id,
      admitted: this.#admitted,
      heard: this.#heard,
    };
  }

  async #fetchState(): Promise<string> {
    const { channels, cursor } = await this.#person.bootstrap(this.#workspaceId);
    if (cursor === null) throw new Error('the workspace has no cursor: the bus is down');
    this.#heard.push({ kind: 'state', channels, cursor: positionOf(cursor) });
    return cursor;
  }

  async #follow(): Promise<void> {
    while (!this.#stopped) {
      const status = await this.#listen();
      if (status === 401) await this.#person.renew();
      if (!this.#stopped) await delay(RETRY_MS);
    }
  }

  /** One connection, to its end. Returns the status when it was refused. */
  #listen(): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    const current = request(`${this.#url}/api/v1/workspaces/${this.#workspaceId}/events`, {
      agent: false,
      headers: {
        accept: 'text/event-stream',
        authorization: `Bearer ${this.#person.token}`,
        'last-event-id': this.#cursor,
      },
    });
    this.#current = current;
    current.setTimeout(SILENCE_MS, () => current.destroy());
    current.once('error', () => resolve(0));
    current.once('close', () => resolve(0));
    current.once('response', (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        resolve(response.statusCode ?? 0);
        return;
      }
      this.#heard.push({ kind: 'opened', at: Date.now(), after: positionOf(this.#cursor) });
      this.#read(response, () => {
        this.#heard.push({ kind: 'closed', at: Date.now() });
        resolve(200);
      });
    });
    current.end();
    return promise;
  }

  #read(response: IncomingMessage, ended: () => void): void {
    const parser = new SseParser({ onFrame: (frame) => this.#take(frame) });
    response.setEncoding('utf8');
    response.on('data', (text: string) => parser.push(text));
    response.on('error', () => undefined);
    response.once('close', ended);
  }

  #take(frame: SseFrame): void {
    if (frame.id === '') return;
    const position = positionOf(frame.id);
    const at = Date.now();
    this.#cursor = frame.id;
    if (frame.event === 'stream.ready') return;
    if (frame.event === 'stream.resync') {
      const { reason } = (JSON.parse(frame.data) as { data: { reason: string } }).data;
      this.#heard.push({ kind: 'resync', at, position, reason });
      void this.#fetchState().catch(() => this.#current?.destroy());
      return;
    }
    this.#heard.push({ kind: 'event', at, position, id: eventIdOf(frame.data) });
  }
}
