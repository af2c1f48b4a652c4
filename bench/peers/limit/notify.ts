import type { Socket } from 'node:net';
import pg from 'pg';
import { followStream, frame } from '../events.ts';
import { announce, readSettings } from '../settings.ts';
import { serveStreams, writeShared } from '../stream-server.ts';

interface Occurrence {
  readonly seq: number;
  readonly channelId: string;
  readonly bytes: Buffer;
}

/** All devices of one user receive the same bytes. */
interface Audience {
  readonly channels: ReadonlySet<string>;
  readonly sockets: Set<Socket>;
}

const RING = 8_192;
const HEARTBEAT = Buffer.from(':\n\n');
const settings = readSettings();

async function readMemberships(): Promise<Map<string, Set<string>>> {
  const client = new pg.Client({ connectionString: settings.postgresUrl });
  await client.connect();
  const { rows } = await client.query<{ user_id: string; channel_id: string }>(
    'SELECT user_id, channel_id FROM member',
  );
  await client.end();
  const channels = new Map<string, Set<string>>();
  for (const row of rows)
    channels.set(row.user_id, (channels.get(row.user_id) ?? new Set()).add(row.channel_id));
  return channels;
}

const memberships = await readMemberships();
const audiences = new Map<string, Audience>();
const ring: Occurrence[] = [];
let pending: Occurrence[] = [];
let newest = 0;

function flush(): void {
  const batch = pending;
  pending = [];
  const everything = Buffer.concat(batch.map(({ bytes }) => bytes));
  for (const { channels, sockets } of audiences.values()) {
    const own = batch.filter(({ channelId }) => channels.has(channelId));
    if (own.length === 0) continue;
    writeShared(
      sockets,
      own.length === batch.length ? everything : Buffer.concat(own.map(({ bytes }) => bytes)),
    );
  }
}

const CHANNEL = Buffer.from('"channelId":"');

/** The id is cut out of the bytes: parsing the whole event for it would cost more than everything else here. */
function channelOf(payload: Buffer): string {
  const start = payload.indexOf(CHANNEL) + CHANNEL.length;
  return payload.toString('latin1', start, start + 36);
}

await followStream(settings.natsUrl, settings.stream, (seq, payload) => {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  const occurrence = { seq, channelId: channelOf(bytes), bytes: frame(seq, bytes) };
  newest = seq;
  ring.push(occurrence);
  if (ring.length > RING * 2) ring.splice(0, RING);
  if (pending.length === 0) setImmediate(flush);
  pending.push(occurrence);
});

/** What a client missed after the given event and up to what is still pending for everybody. The stream is ours. */
function missed(after: number, channels: ReadonlySet<string>): Buffer {
  const first = ring[0]?.seq ?? newest + 1;
  const behind = ring.slice(Math.max(0, after + 1 - first), (pending[0]?.seq ?? newest + 1) - first);
  return Buffer.concat(behind.filter(({ channelId }) => channels.has(channelId)).map(({ bytes }) => bytes));
}

const port = await serveStreams((socket, { token, lastEventId }) => {
  const userId = settings.tokens.get(token);
  const channels = userId === undefined ? undefined : memberships.get(userId);
  if (userId === undefined || channels === undefined) return false;
  const audience = audiences.get(userId) ?? { channels, sockets: new Set<Socket>() };
  audiences.set(userId, audience);
  socket.write(`id: b-${newest}\nevent: stream.ready\ndata: {}\n\n`);
  if (lastEventId !== null) socket.write(missed(Number(lastEventId.slice(2)), channels));
  audience.sockets.add(socket);
  socket.once('close', () => audience.sockets.delete(socket));
  return true;
});

setInterval(() => {
  for (const { sockets } of audiences.values()) writeShared(sockets, HEARTBEAT);
}, 20_000);
announce(port);
