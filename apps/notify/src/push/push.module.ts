import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '#core';
import { OutboundPolicy, parseNetworks } from '#outbound';
import { CONFIG, LOGGER, type Logger } from '#platform';
import type { NotifyConfig } from '../config.js';
import { CouriersModule } from '../couriers/couriers.module.js';
import { Rounds } from '../couriers/rounds.js';
import { EnginesModule } from '../engines/engines.module.js';
import { Storage } from '../engines/storage.js';
import { DeliveriesService } from '../notifications/deliveries.service.js';
import { EndedSessions } from './ended-sessions.js';
import { PushCourier } from './push-courier.js';
import { PushDevices } from './push-devices.service.js';
import { PushGateway } from './push-gateway.js';
import { PushSubscriptionSet } from './push-subscription-set.service.js';
import { PushSubscriptionsController } from './push-subscriptions.controller.js';
import { PushSubscriptionsRepository } from './push-subscriptions.repository.js';
import { PushSubscriptionsService } from './push-subscriptions.service.js';
import { PUSH_GATEWAY } from './tokens.js';
import { vapidOf } from './vapid.js';

const openGateway = ({ push, publicUrl }: NotifyConfig, clock: Clock): PushGateway | null => {
  const vapid = vapidOf(push, publicUrl);
  return vapid && new PushGateway(vapid, new OutboundPolicy(push.ports, parseNetworks(push.networks)), clock);
};

@Module({
  imports: [EnginesModule, CouriersModule],
  controllers: [PushSubscriptionsController],
  providers: [
    { provide: PUSH_GATEWAY, inject: [CONFIG, Clock], useFactory: openGateway },
    EndedSessions,
    PushCourier,
    PushDevices,
    PushSubscriptionSet,
    PushSubscriptionsRepository,
    PushSubscriptionsService,
    {
      provide: Rounds,
      inject: [PushCourier, DeliveriesService, LOGGER, Clock],
      useFactory: (courier: PushCourier, deliveries: DeliveriesService, logger: Logger, clock: Clock) =>
        new Rounds({ courier, deliveries, logger, clock }),
    },
  ],
})
export class PushModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly rounds: Rounds,
    private readonly storage: Storage,
    @Inject(PUSH_GATEWAY) private readonly gateway: PushGateway | null,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.gateway) this.logger.info('push is off: there is no VAPID_PRIVATE_KEY');
    this.rounds.start(this.storage.ready);
  }

  async onModuleDestroy(): Promise<void> {
    await this.rounds.stop();
    this.gateway?.close();
  }
}
