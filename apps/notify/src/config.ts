import { z } from 'zod';
import { isNetworkList } from '#outbound';
import {
  httpUrl,
  logSettings,
  mailSettings,
  natsSettings,
  postgresSettings,
  redisSettings,
  serverSettings,
  setting,
  streamSettings,
  telemetrySettings,
  workersSetting,
} from '#platform';
import { isVapidPrivateKey, isVapidSubject } from './push/vapid.js';

const MIB = 1024 * 1024;
const count = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);

export const notifyConfig = z.object({
  server: serverSettings(6687),
  workers: workersSetting,
  log: logSettings,
  telemetry: telemetrySettings,
  postgres: postgresSettings,
  nats: natsSettings,
  redis: redisSettings,
  publicUrl: httpUrl('PUBLIC_URL', 'http://localhost:8080', 'address people open in their browser'),
  mail: mailSettings,
  email: z.object({
    linkKey: setting(z.string().min(32, 'expects at least 32 characters').optional(), {
      env: 'MAIL_LINK_KEY',
      description:
        'signs the links by which mails about messages end (openssl rand -hex 32); there are none without it',
      secret: true,
    }),
  }),
  push: z.object({
    privateKey: setting(
      z.string().refine(isVapidPrivateKey, 'expects a private key of P-256: 32 bytes, base64url').optional(),
      {
        env: 'VAPID_PRIVATE_KEY',
        description: 'signs pushes (npx web-push generate-vapid-keys); there are none without it',
        secret: true,
      },
    ),
    subject: setting(
      z.string().refine(isVapidSubject, 'expects mailto:somebody@example.org or an https URL').optional(),
      {
        env: 'VAPID_SUBJECT',
        description: 'whom push services can write to about our pushes; PUBLIC_URL unless set',
      },
    ),
    ports: setting(
      z
        .string()
        .default('443')
        .transform((text) => text.split(',').map(Number))
        .pipe(z.array(z.int().min(1).max(65_535)).min(1)),
      { env: 'PUSH_PORTS', description: 'ports of push services' },
    ),
    networks: setting(
      z
        .string()
        .default('')
        .refine(isNetworkList, 'expects networks such as 10.1.0.0/16, separated by commas'),
      {
        env: 'PUSH_NETWORKS',
        description: 'networks besides the public internet that push services may be in',
      },
    ),
  }),
  chatUrl: httpUrl('CHAT_URL', 'http://127.0.0.1:6688', 'where chat publishes the keys of access tokens'),
  streams: z.object({
    maxPerUser: setting(count(50, 1, 10_000), {
      env: 'STREAMS_PER_USER',
      description: 'event streams one user may hold open on one process',
    }),
    maxPerWorkspace: setting(count(20_000, 1, 1_000_000), {
      env: 'STREAMS_PER_WORKSPACE',
      description: 'event streams one workspace may hold open on one process',
    }),
    max: setting(count(20_000, 1, 1_000_000), {
      env: 'STREAMS_MAX',
      description: 'event streams of one process',
    }),
    ...streamSettings,
    ticketSeconds: setting(count(30, 1, 300), {
      env: 'STREAM_TICKET_SECONDS',
      description: 'how long a ticket for an event stream is good',
    }),
    drainMs: setting(count(5000, 0, 8000), {
      env: 'STREAM_DRAIN_MS',
      description: 'longest time over which streams are ended on shutdown',
    }),
    drainRetryMs: setting(count(3000, 0, 60_000), {
      env: 'STREAM_DRAIN_RETRY_MS',
      description: 'time over which the clients of streams that a shutdown ends come back, each at its own',
    }),
  }),
  presence: z.object({
    ttlMs: setting(count(45_000, 1000, 600_000), {
      env: 'PRESENCE_TTL_MS',
      description: 'how long a sign of life of a device lasts',
    }),
    tickMs: setting(count(1000, 50, 60_000), {
      env: 'PRESENCE_TICK_MS',
      description: 'time over which changes of presence are gathered',
    }),
  }),
  ring: z.object({
    events: setting(count(100_000, 1, 10_000_000), {
      env: 'RING_EVENTS',
      description: 'newest events kept in memory for resuming streams',
    }),
    bytes: setting(count(64 * MIB, 1024, 16 * 1024 * MIB), {
      env: 'RING_BYTES',
      description: 'memory for those events',
    }),
  }),
  notifications: z.object({
    pushDelayMs: setting(count(5000, 0, 600_000), {
      env: 'NOTIFY_PUSH_DELAY_MS',
      description: 'how long a push waits, in which the message may be read at the desk',
    }),
    emailDelayMs: setting(count(60_000, 0, 86_400_000), {
      env: 'NOTIFY_EMAIL_DELAY_MS',
      description: 'how long a letter waits at least, in which the message may be read',
    }),
    keepDays: setting(count(90, 1, 3650), {
      env: 'NOTIFY_KEEP_DAYS',
      description: 'days that notifications are kept',
    }),
    keepDeliveriesDays: setting(count(30, 1, 3650), {
      env: 'NOTIFY_KEEP_DELIVERIES_DAYS',
      description: 'days that the delivery log is kept',
    }),
  }),
  replays: setting(count(16, 1, 1000), {
    env: 'REPLAYS_MAX',
    description: 'streams that may be replayed from JetStream at once',
  }),
});
export type NotifyConfig = z.infer<typeof notifyConfig>;
