import { Module } from '@nestjs/common';
import { EnginesModule } from '../engines/engines.module.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { DeliveriesService } from './deliveries.service.js';

@Module({
  imports: [EnginesModule],
  providers: [DeliveriesRepository, DeliveriesService],
  exports: [DeliveriesService],
})
export class NotificationsModule {}
