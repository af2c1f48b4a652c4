import { afterEach } from '@jest/globals';
import { readProblem } from '../src/api-problem.js';
import type { Api } from '../src/api.js';
import { memoryStorage } from '../src/outbox-storage.js';
import { Outbox, type OutboxOptions } from '../src/outbox.js';
import { fakeClock, fakeConnectivity, sentMessage } from './fakes.js';

export type Attempt = { channel: string; text: string; id: string };
/** Undefined: accepted. `hang`: no answer until the call is aborted. */
type Reply = undefined | Error | Response | 'hang' | Promise<undefined>;

const running: Outbox[] = [];
afterEach(() => running.splice(0).forEach((outbox) => outbox.close()));

/** An Outbox before a server that the spec plays; closed after each test. `open` makes another one on its storage. */
export const setup = (
  over: { reply?: (attempt: Attempt, n: number) => Reply; online?: boolean } & Partial<OutboxOptions> = {},
) => {
  const { reply = () => undefined, online = true, ...options } = over;
  const clock = fakeClock();
  const connectivity = fakeConnectivity(online);
  const storage = memoryStorage();
  const attempts: Attempt[] = [];
  const sent: string[] = [];
  const changes: string[][] = [];
  let inFlight = new Map<string, number>();
  let overlapped = false;
  const sendMessage: Api['sendMessage'] = async ({ path, body, signal }) => {
    const attempt = { channel: path.channelId, text: body.text ?? '', id: body.clientMessageId };
    attempts.push(attempt);
    inFlight.set(attempt.channel, (inFlight.get(attempt.channel) ?? 0) + 1);
    if ((inFlight.get(attempt.channel) ?? 0) > 1) overlapped = true;
    try {
      const result = reply(attempt, attempts.length);
      if (result === 'hang') {
        await new Promise((_, reject) =>
          signal?.addEventListener('abort', () => reject(signal.reason as Error)),
        );
      }
      if (result instanceof Response) throw await readProblem(result);
      if (result instanceof Error) throw result;
      await result;
      return sentMessage(attempt.text, attempt.id) as Awaited<ReturnType<Api['sendMessage']>>;
    } finally {
      inFlight.set(attempt.channel, (inFlight.get(attempt.channel) ?? 0) - 1);
    }
  };
  const open = (more: Partial<OutboxOptions> = {}) => {
    inFlight = new Map();
    const outbox = new Outbox({
      api: { sendMessage },
      storage,
      onChange: (messages) => changes.push(messages.map(({ text, state }) => `${text} ${state}`)),
      onSent: (message) => sent.push(message.text),
      clock,
      connectivity,
      random: () => 0.5,
      ...options,
      ...more,
    });
    running.push(outbox);
    return outbox;
  };
  return {
    open,
    outbox: open(),
    clock,
    connectivity,
    storage,
    attempts,
    sent,
    changes,
    overlapped: () => overlapped,
  };
};

export const network = () => new TypeError('network');
