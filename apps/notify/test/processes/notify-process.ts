import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { createApplication, createLogger, Health, loadConfig } from '#platform';
import { notifyConfig } from '../../src/config.js';
import { NotifyModule } from '../../src/notify.module.js';

const app = await createApplication({
  module: NotifyModule,
  config: loadConfig(notifyConfig),
  logger: createLogger('notify', 'silent'),
  health: new Health(),
});
await app.listen(0, '127.0.0.1');
process.send?.((app.getHttpServer().address() as AddressInfo).port);
