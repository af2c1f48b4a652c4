import 'reflect-metadata';
import { createApplication, createLogger, Health, loadConfig } from '#platform';
import { ChatModule } from '../../src/chat.module.js';
import { ChatConfig } from '../../src/config.js';
import { prepare } from '../../src/prepare.js';

const config = loadConfig(ChatConfig);
const app = await createApplication({
  module: ChatModule,
  config,
  logger: createLogger('chat', 'silent'),
  health: new Health(),
});
await prepare(app, config);
await app.init();
process.send?.('ready');
