import { afterEach } from '@jest/globals';
import type { ParleyEvent } from '#contracts';
import { EventStream, type EventStreamOptions } from '../src/event-stream.js';
import { fakeClock, fakeConnectivity, openStream, settle } from './fakes.js';

type Opened = ReturnType<typeof openStream>;
type Reply = 'open' | Response | Error;
const running: EventStream[] = [];
afterEach(() => running.splice(0).forEach((stream) => stream.close()));

/** An EventStream before a server that the spec plays; closed after each test. */
export const setup = (over: Partial<EventStreamOptions> & { replies?: Reply[]; online?: boolean } = {}) => {
  const { replies = [], online = true, ...options } = over;
  const clock = fakeClock();
  const connectivity = fakeConnectivity(online);
  const connections: Opened[] = [];
  const requests: Request[] = [];
  const seen: [ParleyEvent, string][] = [];
  const states: string[] = [];
  let resyncs = 0;
  const stream = new EventStream({
    api: {
      urlOf: (path) => `http://parley.test${path}`,
      send: async (request) => {
        requests.push(request);
        const reply = replies.shift() ?? 'open';
        if (reply instanceof Error) throw reply;
        if (reply !== 'open') return reply;
        const opened = openStream(request);
        connections.push(opened);
        return opened.response;
      },
    },
    url: '/api/v1/workspaces/w/events',
    cursor: 'e-10',
    onEvent: (event, cursor) => seen.push([event, cursor]),
    onState: (state) => states.push(state.status),
    onResync: () => void resyncs++,
    clock,
    connectivity,
    random: () => 0.5,
    ...options,
  });
  running.push(stream);
  const last = () => connections.at(-1) as Opened;
  const write = async (...parts: string[]) => {
    parts.forEach((part) => last().write(part));
    await settle();
  };
  return {
    stream,
    clock,
    connectivity,
    connections,
    requests,
    seen,
    states,
    last,
    write,
    resyncs: () => resyncs,
  };
};

export const started = async (over?: Parameters<typeof setup>[0]) => {
  const all = setup(over);
  all.stream.start();
  await settle();
  return all;
};

export const header = (request: Request | undefined) => request?.headers.get('last-event-id') ?? null;
