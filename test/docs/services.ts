import type { z } from 'zod';
import { settingsOf } from '#platform';
import { AnalyticsConfig } from '../../apps/analytics/src/config.js';
import { BotConfig } from '../../apps/bot/src/config.js';
import { ChatConfig } from '../../apps/chat/src/config.js';
import { gatewayConfig } from '../../apps/gateway/src/config.js';
import { notifyConfig } from '../../apps/notify/src/config.js';

export const root = new URL('../../', import.meta.url).pathname;

export const schemas: Readonly<Record<string, z.ZodObject>> = {
  gateway: gatewayConfig,
  chat: ChatConfig,
  notify: notifyConfig,
  bot: BotConfig,
  analytics: AnalyticsConfig,
};

export const services = Object.entries(schemas).map(([name, schema]) => ({
  name,
  settings: settingsOf(schema),
}));
