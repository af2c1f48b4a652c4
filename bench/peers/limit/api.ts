import { connect } from '@nats-io/transport-node';
import fastify from 'fastify';
import pg from 'pg';
import { announce, readSettings } from '../settings.ts';
import { uuidv7 } from '../uuid.ts';
import { Publisher } from './publisher.ts';
import { Writer } from './writer.ts';

const settings = readSettings();

// Prepared while the tables are empty, the statements would scan and hash them for ever after.
const BY_INDEX = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']
  .map((name) => `-c ${name}=off`)
  .join(' ');

async function connectDatabase(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: settings.postgresUrl, options: BY_INDEX });
  await client.connect();
  return client;
}

const nats = await connect({ servers: settings.natsUrl });
const writer = new Writer([await connectDatabase(), await connectDatabase()]);
const publisher = new Publisher(nats, settings.subject, await connectDatabase());

const app = fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: false } } });

const string = { type: 'string' };
const schema = {
  body: {
    type: 'object',
    additionalProperties: false,
    required: ['clientMessageId', 'text'],
    properties: {
      clientMessageId: { type: 'string', format: 'uuid' },
      text: { type: 'string', minLength: 1, maxLength: 65_536 },
    },
  },
  response: {
    201: {
      type: 'object',
      properties: {
        id: string,
        channelId: string,
        seq: { type: 'integer' },
        senderId: string,
        clientMessageId: string,
        text: string,
        createdAt: string,
      },
    },
  },
};

interface Send {
  Params: { channelId: string };
  Body: { clientMessageId: string; text: string };
}

app.setErrorHandler((error, _request, reply) => {
  console.error(error);
  return reply.code((error as { statusCode?: number }).statusCode ?? 500).send();
});

app.post<Send>('/channels/:channelId/messages', { schema }, async (request, reply) => {
  const senderId = settings.tokens.get(request.headers.authorization?.slice(7) ?? '');
  if (senderId === undefined) return reply.code(401).send();
  const { clientMessageId, text } = request.body;
  const { channelId } = request.params;
  const message = {
    id: uuidv7(),
    channelId,
    seq: 0,
    senderId,
    clientMessageId,
    text,
    createdAt: new Date().toISOString(),
  };
  const eventId = uuidv7();
  const seq = await writer.write({
    messageId: message.id,
    eventId,
    channelId,
    senderId,
    clientMessageId,
    text,
  });
  if (seq === null) return reply.code(403).send();
  message.seq = seq;
  publisher.publish(
    eventId,
    JSON.stringify({
      id: eventId,
      type: 'message.created',
      source: 'limit',
      time: message.createdAt,
      workspaceId: settings.workspaceId,
      channelId,
      seq,
      actorId: senderId,
      data: message,
    }),
  );
  return reply.code(201).send(message);
});

const address = await app.listen({ host: '127.0.0.1', port: 0, backlog: 4096 });
announce(Number(new URL(address).port));
