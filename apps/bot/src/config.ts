import { z } from 'zod';
import { httpUrl, logSettings, natsSettings, serverSettings, setting, telemetrySettings } from '#platform';

export const BotConfig = z.object({
  server: serverSettings(6686),
  log: logSettings,
  telemetry: telemetrySettings,
  nats: natsSettings,
  chat: z.object({
    url: httpUrl('CHAT_URL', 'http://127.0.0.1:6688', 'the chat service, through whose API the bot answers'),
    clientSecret: setting(z.string({ error: 'is required' }).min(32, 'expects at least 32 characters'), {
      env: 'BOT_CLIENT_SECRET',
      description: 'shared with the chat service',
      secret: true,
    }),
  }),
});
export type BotConfig = z.infer<typeof BotConfig>;
