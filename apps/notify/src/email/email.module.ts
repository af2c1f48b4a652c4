import { Inject, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '#core';
import { Mailer, openMailer } from '#mail';
import { CONFIG, LOGGER, type Logger } from '#platform';
import type { NotifyConfig } from '../config.js';
import { CouriersModule } from '../couriers/couriers.module.js';
import { Rounds } from '../couriers/rounds.js';
import { EnginesModule } from '../engines/engines.module.js';
import { Storage } from '../engines/storage.js';
import { DeliveriesService } from '../notifications/deliveries.service.js';
import { EmailCourier } from './email-courier.js';
import { Letters } from './letters.js';
import { UnsubscriptionsController } from './unsubscriptions.controller.js';
import { UnsubscriptionsService } from './unsubscriptions.service.js';

@Module({
  imports: [EnginesModule, CouriersModule],
  controllers: [UnsubscriptionsController],
  providers: [
    { provide: Mailer, inject: [CONFIG], useFactory: ({ mail }: NotifyConfig) => openMailer(mail) },
    EmailCourier,
    Letters,
    UnsubscriptionsService,
    {
      provide: Rounds,
      inject: [EmailCourier, DeliveriesService, LOGGER, Clock],
      useFactory: (courier: EmailCourier, deliveries: DeliveriesService, logger: Logger, clock: Clock) =>
        new Rounds({ courier, deliveries, logger, clock }),
    },
  ],
})
export class EmailModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly rounds: Rounds,
    private readonly storage: Storage,
    private readonly mailer: Mailer,
    @Inject(CONFIG) private readonly config: NotifyConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.email.linkKey)
      this.logger.info('mails about messages are off: there is no MAIL_LINK_KEY');
    this.rounds.start(this.storage.ready);
  }

  async onModuleDestroy(): Promise<void> {
    await this.rounds.stop();
    this.mailer.close();
  }
}
