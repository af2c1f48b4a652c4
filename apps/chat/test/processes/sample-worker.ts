import 'reflect-metadata';
import { Database } from '#db';
import { createApplication, createLogger, Health, loadConfig } from '#platform';
import { ChatModule } from '../../src/chat.module.js';
import { ChatConfig } from '../../src/config.js';
import { Jobs } from '../../src/jobs/jobs.service.js';
import { workOnSamples } from './sample-jobs.js';

const app = await createApplication({
  module: ChatModule,
  config: loadConfig(ChatConfig),
  logger: createLogger('chat', 'silent'),
  health: new Health(),
});
workOnSamples(app.get(Jobs), app.get(Database));
await app.init();
process.once('SIGTERM', () => {
  // As in a service: whoever doesn't end in time is ended.
  setTimeout(() => process.exit(1), 10_000).unref();
  void app.close().then(() => process.exit(0));
});
process.send?.('ready');
