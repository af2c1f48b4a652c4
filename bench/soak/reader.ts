import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Person } from '../../test/e2e/faults/person.ts';

/** Two heartbeats are missed: the line is dead. */
const SILENCE_MS = 45_000;
const RETRY_FROM_MS = 500;
const RETRY_WITHIN_MS = 3_000;
/** A slow reader doesn't read for so long, and then for a moment. */
const PAUSE_MS = 60_000;
const READ_MS = 2_000;
const STEP_MS = 500;

/** The event ends with its `seq`. */
const SEQ = /"seq":(\d+)\}\s*$/;

/** One stream of the channel that everybody is in: resumes where it left off and checks that nothing is missing. */
export class Reader {
  readonly #person: Person;
  readonly #url: string;
  #slow: boolean;
  #cursor: string;
  #current: ClientRequest | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;
  open = false;
  /** The newest message it has heard of; each before it was heard, unless `missed`. */
  last = 0;
  missed = 0;
  again = 0;
  resyncs = 0;
  streams = 0;

  constructor(url: string, person: Person, start: { cursor: string; slow: boolean }) {
    this.#url = url;
    this.#person = person;
    this.#cursor = start.cursor;
    this.#slow = start.slow;
  }

  start(): void {
    this.#running = this.#follow();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#slow = false;
    this.#current?.destroy();
    await this.#running;
  }

  /** From here on it reads like the others. */
  hurry(): void {
    this.#slow = false;
  }

  async #follow(): Promise<void> {
    while (!this.#stopped) {
      if ((await this.#listen()) === 401) await this.#person.renew();
      this.open = false;
      if (!this.#stopped) await delay(RETRY_FROM_MS + Math.random() * RETRY_WITHIN_MS);
    }
  }

  #listen(): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    const headers = {
      accept: 'text/event-stream',
      authorization: `Bearer ${this.#person.token}`,
      'last-event-id': this.#cursor,
    };
    const current = request(this.#url, { agent: false, headers });
    this.#current = current;
    current.setTimeout(this.#slow ? SILENCE_MS + PAUSE_MS : SILENCE_MS, () => current.destroy());
    current.once('error', () => resolve(0));
    current.once('close', () => resolve(0));
    current.once('response', (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        resolve(response.statusCode ?? 0);
        return;
      }
      this.open = true;
      this.streams += 1;
      this.#read(current, response);
    });
    current.end();
    return promise;
  }

  #read(current: ClientRequest, response: IncomingMessage): void {
    let rest = '';
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      const frames = (rest + text).split('\n\n');
      rest = frames.pop() ?? '';
      // A slow reader may still be reading a stream that was given up.
      if (current === this.#current) for (const frame of frames) this.#take(frame);
    });
    response.on('error', () => undefined);
    if (this.#slow) void this.#dawdle(response);
  }

  async #dawdle(response: IncomingMessage): Promise<void> {
    while (this.#slow && !response.destroyed) {
      response.pause();
      for (let left = PAUSE_MS * Math.random(); this.#slow && left > 0; left -= STEP_MS)
        await delay(STEP_MS, undefined, { ref: false });
      response.resume();
      await delay(READ_MS, undefined, { ref: false });
    }
  }

  #take(frame: string): void {
    const id = /^id: ?(.*)$/m.exec(frame)?.[1];
    if (id) this.#cursor = id;
    if (frame.includes('event: stream.resync')) this.resyncs += 1;
    if (!frame.includes('event: message.created')) return;
    const seq = Number(SEQ.exec(frame)?.[1]);
    if (seq <= this.last) {
      this.again += 1;
      return;
    }
    this.missed += seq - this.last - 1;
    this.last = seq;
  }
}
