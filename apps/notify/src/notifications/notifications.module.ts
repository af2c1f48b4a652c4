import { Module } from '@nestjs/common';
import { EnginesModule } from '../engines/engines.module.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { DeliveriesService } from './deliveries.service.js';
import { FactsClient } from './facts-client.js';
import { NotificationWriter } from './notification-writer.js';
import { NotificationsController } from './notifications.controller.js';
import { NotificationsHandler } from './notifications.handler.js';
import { NotificationsRepository } from './notifications.repository.js';
import { NotificationsService } from './notifications.service.js';
import { NotifierService } from './notifier.service.js';
import { RetentionRepository } from './retention.repository.js';
import { RetentionService } from './retention.service.js';
import { SightingsService } from './sightings.service.js';
import { WishesController } from './wishes.controller.js';
import { WishesRepository } from './wishes.repository.js';
import { WishesService } from './wishes.service.js';

@Module({
  imports: [EnginesModule],
  controllers: [NotificationsController, WishesController, DeliveriesController, NotificationsHandler],
  providers: [
    DeliveriesRepository,
    DeliveriesService,
    FactsClient,
    NotificationWriter,
    NotificationsRepository,
    NotificationsService,
    NotifierService,
    RetentionRepository,
    RetentionService,
    SightingsService,
    WishesRepository,
    WishesService,
  ],
  exports: [DeliveriesService, WishesService],
})
export class NotificationsModule {}
