import { z } from 'zod';
import {
  httpUrl,
  logSettings,
  natsSettings,
  redisSettings,
  serverSettings,
  setting,
  telemetrySettings,
} from '#platform';

export const AnalyticsConfig = z.object({
  server: serverSettings(6690),
  log: logSettings,
  telemetry: telemetrySettings,
  nats: natsSettings,
  redis: redisSettings,
  clickhouse: z.object({
    url: setting(
      z.url({ protocol: /^https?$/, error: 'expects a http or https URL' }).default('http://127.0.0.1:8123'),
      { env: 'CLICKHOUSE_URL', description: 'ClickHouse server, HTTP interface', secret: true },
    ),
    database: setting(
      z
        .string()
        .regex(/^[A-Za-z_]\w{0,62}$/, 'expects letters, digits and _')
        .default('parley'),
      { env: 'CLICKHOUSE_DATABASE', description: 'ClickHouse database; made when it is missing' },
    ),
  }),
  chatUrl: httpUrl('CHAT_URL', 'http://127.0.0.1:6688', 'the chat service, for its public keys'),
});
export type AnalyticsConfig = z.infer<typeof AnalyticsConfig>;
