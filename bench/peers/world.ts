import { jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { SignJWT } from 'jose';
import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { createDatabase, type Engines } from '../measure/engines.ts';
import { uuidv7 } from './uuid.ts';

const USERS = 8;

/** A peer's own database, stream, channel and users, on the engines everything in the run shares. */
export interface PeerWorld {
  readonly channelId: string;
  readonly tokens: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Publishes one more valid event, as large as the real ones, without waiting for the acknowledgement. */
  readonly feed: () => void;
  close(): Promise<void>;
}

async function prepareDatabase(
  url: string,
  schema: string,
  channelId: string,
  userIds: readonly string[],
): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(schema);
  await client.query('INSERT INTO channel (id) VALUES ($1)', [channelId]);
  await client.query('INSERT INTO member SELECT $1, unnest($2::uuid[])', [channelId, userIds]);
  await client.end();
}

/** Without waiting for the acknowledgement: whoever feeds watches what arrives. */
export function publishEvent(
  nats: NatsConnection,
  subject: string,
  event: { id: string; payload: string },
): void {
  const messageHeaders = headers();
  messageHeaders.set('Nats-Msg-Id', event.id);
  nats.publish(subject, event.payload, { headers: messageHeaders });
}

/** Valid events as large as the real ones, for feeding fan-out without the sending half. */
export function eventSource(
  workspaceId: string,
  channelId: string,
  senderId: string,
): () => { id: string; payload: string } {
  let seq = 0;
  return () => {
    seq += 1;
    const time = new Date().toISOString();
    const text = 'x'.repeat(64);
    const data = { id: uuidv7(), channelId, seq, senderId, clientMessageId: uuidv7(), text, createdAt: time };
    const id = uuidv7();
    const envelope = { id, type: 'message.created', source: 'bench', time, workspaceId, channelId };
    return { id, payload: JSON.stringify({ ...envelope, seq, actorId: senderId, data }) };
  };
}

export async function createWorld(engines: Engines, name: string, schema: string): Promise<PeerWorld> {
  const run = randomBytes(4).toString('hex');
  const channelId = randomUUID();
  const workspaceId = randomUUID();
  const userIds = Array.from({ length: USERS }, () => randomUUID());
  const postgresUrl = await createDatabase(engines.postgresUrl, `bench_${name}_${run}`);
  await prepareDatabase(postgresUrl, schema, channelId, userIds);
  const nats = await connect({ servers: engines.natsUrl });
  const stream = `BENCH_${name.toUpperCase()}_${run}`;
  const subject = `bench.${name}.${run}`;
  const manager = await jetstreamManager(nats);
  await manager.streams.add({
    name: stream,
    subjects: [subject],
    max_bytes: 2 ** 30,
    duplicate_window: 120e9,
  });

  const secret = Buffer.from(randomBytes(32).toString('hex'));
  const sign = (userId: string) =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(userId)
      .setExpirationTime('1h')
      .sign(secret);
  const tokens = await Promise.all(userIds.map(sign));
  const nextEvent = eventSource(workspaceId, channelId, userIds[0] ?? '');
  return {
    channelId,
    tokens,
    environment: {
      POSTGRES_URL: postgresUrl,
      NATS_URL: engines.natsUrl,
      STREAM: stream,
      SUBJECT: subject,
      WORKSPACE_ID: workspaceId,
      TOKENS: JSON.stringify(Object.fromEntries(tokens.map((token, index) => [token, userIds[index]]))),
      JWT_SECRET: secret.toString(),
    },
    feed: () => publishEvent(nats, subject, nextEvent()),
    close: async () => {
      await manager.streams.delete(stream);
      await nats.close();
    },
  };
}
