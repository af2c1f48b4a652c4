import { startService } from '#platform';
import { gatewayConfig } from './config.js';
import { Entrance } from './entrance.js';
import { GatewayModule } from './gateway.module.js';
import { FrontDoor } from './proxy/front-door.js';
import { addPages } from './web/pages.js';

const entrance = new Entrance();

await startService({
  name: 'gateway',
  config: gatewayConfig,
  engines: ({ redis, nats }) => ({ redis: redis.url, nats: nats.url }),
  module: GatewayModule,
  fastify: () => ({
    serverFactory: entrance.serverFactory,
    clientErrorHandler: entrance.clientErrorHandler,
  }),
  prepare: async (app, { web, publicUrl }) => {
    await addPages(app.getHttpAdapter().getInstance(), { ...web, secure: publicUrl.startsWith('https:') });
    entrance.open(app.get(FrontDoor));
  },
});
