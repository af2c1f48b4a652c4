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
  telemetrySettings,
  workersSetting,
} from '#platform';

const Role = z.enum(['api', 'worker']);

export const ChatConfig = z.object({
  server: serverSettings(6688),
  workers: workersSetting,
  log: logSettings,
  telemetry: telemetrySettings,
  postgres: postgresSettings,
  nats: natsSettings,
  redis: redisSettings,
  publicUrl: httpUrl('PUBLIC_URL', 'http://localhost:8080', 'address people open in their browser'),
  roles: setting(
    z
      .string()
      .default('api,worker')
      .transform((text) => text.split(',').map((role) => role.trim()))
      .pipe(z.array(Role).min(1)),
    {
      env: 'CHAT_ROLES',
      description: 'what this process does: api (HTTP), worker (background jobs, search index), or both',
    },
  ),
  linkPreviews: z.object({
    enabled: setting(z.stringbool().default(true), {
      env: 'LINK_PREVIEWS',
      description: 'whether workers fetch the pages that messages link to, to show what they are',
    }),
    ports: setting(
      z
        .string()
        .default('80,443')
        .transform((text) => text.split(',').map(Number))
        .pipe(z.array(z.int().min(1).max(65_535)).min(1)),
      { env: 'LINK_PREVIEW_PORTS', description: 'ports that pages are fetched from' },
    ),
    networks: setting(
      z
        .string()
        .default('')
        .refine(isNetworkList, 'expects networks such as 10.1.0.0/16, separated by commas'),
      {
        env: 'LINK_PREVIEW_NETWORKS',
        description:
          'networks besides the public internet whose pages are fetched, e.g. 10.1.0.0/16 of an intranet',
      },
    ),
  }),
  imagesQuotaMib: setting(z.coerce.number().int().min(1).max(10_240).default(100), {
    env: 'IMAGES_QUOTA_MIB',
    description: 'MiB of avatars, icons and emoji that one person may upload',
  }),
  mail: mailSettings,
  auth: z.object({
    signingKey: setting(
      z
        .string({ error: 'is required' })
        .regex(/-----BEGIN PRIVATE KEY-----/, 'expects an Ed25519 private key, PKCS#8 PEM'),
      {
        env: 'AUTH_SIGNING_KEY',
        description: 'signs access tokens (openssl genpkey -algorithm ed25519)',
        secret: true,
      },
    ),
    secretsKey: setting(z.string({ error: 'is required' }).min(32, 'expects at least 32 characters'), {
      env: 'SECRETS_KEY',
      description:
        'encrypts secrets of second factors in the database (openssl rand -hex 32); keep it with the backups',
      secret: true,
    }),
    botClientSecret: setting(z.string({ error: 'is required' }).min(32, 'expects at least 32 characters'), {
      env: 'BOT_CLIENT_SECRET',
      description: 'shared with the bot service',
      secret: true,
    }),
    sessionDays: setting(z.coerce.number().int().min(1).max(365).default(30), {
      env: 'SESSION_DAYS',
      description: 'days without use after which a session ends',
    }),
  }),
});
export type ChatConfig = z.infer<typeof ChatConfig>;
