import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';

/** One connection of a process to NATS, with JetStream on it. */
export type Bus = { nats: NatsConnection; js: JetStreamClient; jsm: JetStreamManager };

/** Connects and reconnects for ever. Rejects when the first connection can't be made in 10 s. */
export const connectBus = async (url: string, name: string): Promise<Bus> => {
  const { username, password, host, protocol } = new URL(url);
  const nats = await connect({
    servers: `${protocol}//${host}`,
    ...(username ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) } : {}),
    name: `parley-${name}`,
    timeout: 10_000,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    pingInterval: 10_000,
    maxPingOut: 2,
  });
  return {
    nats,
    js: jetstream(nats, { timeout: 5000 }),
    jsm: await jetstreamManager(nats, { timeout: 5000 }),
  };
};
