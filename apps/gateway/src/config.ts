import { z } from 'zod';
import {
  logSettings,
  natsSettings,
  redisSettings,
  serverSettings,
  setting,
  streamSettings,
  telemetrySettings,
  workersSetting,
} from '#platform';

const isUpstream = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, username } = new URL(text);
  return protocol === 'http:' && pathname === '/' && search === '' && username === '';
};

/** One service, one or more processes of it. */
const upstreams = (env: string, fallback: string, description: string) =>
  setting(
    z
      .string()
      .default(fallback)
      .transform((text) => text.split(',').map((part) => part.trim().replace(/\/+$/, '')))
      .refine((list) => list.every(isUpstream), {
        error: 'expects http://host:port, or several with commas',
      }),
    { env, description },
  );

const perMinute = (env: string, fallback: number, description: string) =>
  setting(z.coerce.number().int().min(0).max(10_000_000).default(fallback), { env, description });

export const gatewayConfig = z.object({
  server: serverSettings(8080),
  workers: workersSetting,
  log: logSettings,
  telemetry: telemetrySettings,
  nats: z.object({ url: natsSettings.shape.url }),
  redis: redisSettings,
  upstreams: z.object({
    chat: upstreams('CHAT_URL', 'http://127.0.0.1:6688', 'chat, comma-separated when there are several'),
    notify: upstreams(
      'NOTIFY_URL',
      'http://127.0.0.1:6687',
      'notify, comma-separated when there are several',
    ),
    analytics: upstreams(
      'ANALYTICS_URL',
      'http://127.0.0.1:6690',
      'analytics, comma-separated when there are several',
    ),
  }),
  streams: z.object({
    ...streamSettings,
    linksPerNotify: setting(z.coerce.number().int().min(1).max(64).default(1), {
      env: 'LINKS_PER_NOTIFY',
      description:
        'connections that streams share to each address of NOTIFY_URL; more only where a proxy hides several processes',
    }),
  }),
  limits: z.object({
    requestsPerMinute: perMinute(
      'RATE_LIMIT_PER_MINUTE',
      6000,
      'requests of one user, or of one address without a token; 0 is off',
    ),
    guessesPerMinute: perMinute(
      'AUTH_RATE_LIMIT_PER_MINUTE',
      60,
      'logins and registrations from one address; 0 is off',
    ),
  }),
  publicUrl: setting(z.url({ protocol: /^https?$/ }).default('http://localhost:8080'), {
    env: 'PUBLIC_URL',
    description: 'where people reach this instance; decides which pages may use cookies',
  }),
  trustedHops: setting(z.coerce.number().int().min(0).max(10).default(0), {
    env: 'TRUSTED_PROXY_HOPS',
    description: 'proxies in front whose X-Forwarded-* headers are believed',
  }),
  web: z.object({
    dir: setting(z.string().default('apps/web/dist'), {
      env: 'WEB_DIR',
      description: 'the built web client',
    }),
    openapi: setting(z.string().default('docs/api/openapi.json'), {
      env: 'OPENAPI_FILE',
      description: 'the document behind /api/v1/openapi.json and /api/v1/docs',
    }),
  }),
});

export type GatewayConfig = z.infer<typeof gatewayConfig>;
