import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { setting } from './config.js';

const url = (...protocols: string[]) =>
  z.url({
    protocol: new RegExp(`^(${protocols.join('|')})$`),
    error: `expects a ${protocols.join(' or ')} URL`,
  });
const trimSlash = (text: string) => text.replace(/\/+$/, '');

/** Settings that several services share, so that each has one name and one meaning. */
export const serverSettings = (port: number) =>
  z.object({
    host: setting(z.string().default('127.0.0.1'), { env: 'HOST', description: 'address to listen on' }),
    port: setting(z.coerce.number().int().min(0).max(65535).default(port), {
      env: 'PORT',
      description: 'port to listen on',
    }),
  });

/** How many processes one start of a service makes. */
export const workersSetting = setting(
  z
    .union(
      [z.literal('auto').transform(() => availableParallelism()), z.coerce.number().int().min(1).max(256)],
      {
        error: 'expects a number from 1 to 256, or auto',
      },
    )
    .default(1),
  { env: 'WORKERS', description: 'processes that share the port of this service; `auto`: one per core' },
);

export const logSettings = z.object({
  level: setting(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'), {
    env: 'LOG_LEVEL',
    description: 'least severe level that is logged',
  }),
});

export const telemetrySettings = z.object({
  endpoint: setting(url('http', 'https').transform(trimSlash).optional(), {
    env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    description: 'OpenTelemetry collector (OTLP/HTTP); tracing is off without it',
  }),
  sampleRatio: setting(z.coerce.number().min(0).max(1).default(0.1), {
    env: 'OTEL_TRACES_SAMPLER_ARG',
    description: 'share of traces that is kept, 0 to 1',
  }),
});

export const natsSettings = z.object({
  url: setting(url('nats', 'tls').default('nats://127.0.0.1:4222'), {
    env: 'NATS_URL',
    description: 'NATS server with JetStream',
    secret: true,
  }),
  replicas: setting(z.coerce.number().int().min(1).max(5).default(1), {
    env: 'NATS_REPLICAS',
    description: 'replicas of the event stream',
  }),
  partitions: setting(z.coerce.number().int().min(1).max(64).default(1), {
    env: 'EVENT_PARTITIONS',
    description: 'partitions of the event stream',
  }),
  maxAgeHours: setting(
    z.coerce
      .number()
      .int()
      .min(1)
      .max(24 * 365)
      .default(24 * 7),
    { env: 'EVENTS_MAX_AGE_HOURS', description: 'how long events can be replayed' },
  ),
  maxBytes: setting(
    z.coerce
      .number()
      .int()
      .min(1 << 20)
      .default(4 * 1024 ** 3),
    { env: 'EVENTS_MAX_BYTES', description: 'largest size of the event stream' },
  ),
});

export const redisSettings = z.object({
  url: setting(url('redis', 'rediss').default('redis://127.0.0.1:6379'), {
    env: 'REDIS_URL',
    description: 'Redis server',
    secret: true,
  }),
});

export const postgresSettings = z.object({
  url: setting(url('postgres', 'postgresql').default('postgres://parley:parley@127.0.0.1:5432/parley'), {
    env: 'POSTGRES_URL',
    description: 'Postgres database',
    secret: true,
  }),
  poolSize: setting(z.coerce.number().int().min(2).max(200).default(10), {
    env: 'POSTGRES_POOL_SIZE',
    description: 'connections of one process',
  }),
});

export const mailSettings = z.object({
  smtpUrl: setting(z.url({ protocol: /^smtps?$/, error: 'expects an smtp or smtps URL' }).optional(), {
    env: 'SMTP_URL',
    description: 'server that mails go through: smtps://user:password@mail.example:465',
    secret: true,
  }),
  from: setting(z.string().min(3).default('Parley <parley@localhost>'), {
    env: 'MAIL_FROM',
    description: 'sender of mails',
  }),
  directory: setting(z.string().min(1).default('.data/mail'), {
    env: 'MAIL_DIR',
    description: 'folder that mails are written to while there is no SMTP_URL',
  }),
});

export const httpUrl = (env: string, fallback: string, description: string) =>
  setting(url('http', 'https').transform(trimSlash).default(fallback), { env, description });

const MIB = 1024 * 1024;

/** Of every process that has clients' event streams on its sockets. */
export const streamSettings = {
  maxBacklogBytes: setting(
    z.coerce
      .number()
      .int()
      .min(MIB / 2)
      .max(1024 * MIB)
      .default(MIB),
    {
      env: 'STREAM_BACKLOG_BYTES',
      description: 'unsent bytes after which a slow client is dropped (it resumes)',
    },
  ),
  heartbeatMs: setting(z.coerce.number().int().min(100).max(300_000).default(20_000), {
    env: 'STREAM_HEARTBEAT_MS',
    description: 'time between heartbeat comments',
  }),
};
