import './heap.js';
import 'reflect-metadata';
import { startService } from '#platform';
import { notifyConfig } from './config.js';
import { NotifyModule } from './notify.module.js';
import { prepare } from './prepare.js';

await startService({
  name: 'notify',
  config: notifyConfig,
  engines: (config) => ({ nats: config.nats.url, redis: config.redis.url }),
  module: NotifyModule,
  prepare,
});
