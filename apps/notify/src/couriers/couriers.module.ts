import { Module, type OnModuleInit } from '@nestjs/common';
import { EnginesModule } from '../engines/engines.module.js';
import { DeliveriesService } from '../notifications/deliveries.service.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { observe } from './courier-metrics.js';
import { Notices } from './notices.js';

/** What the couriers of all channels share. */
@Module({
  imports: [EnginesModule, NotificationsModule],
  providers: [Notices],
  exports: [Notices, NotificationsModule],
})
export class CouriersModule implements OnModuleInit {
  constructor(private readonly deliveries: DeliveriesService) {}

  onModuleInit(): void {
    observe(() => this.deliveries.overdueSeconds());
  }
}
