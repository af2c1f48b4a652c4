import { Controller, Get, Query } from '@nestjs/common';
import { PageQuery, type NotificationDelivery, type Page } from '#contracts';
import { Caller, type Principal } from '#platform';
import { DeliveriesService } from './deliveries.service.js';

@Controller('api/v1/me/notification-deliveries')
export class DeliveriesController {
  constructor(private readonly deliveries: DeliveriesService) {}

  @Get()
  list(
    @Caller() caller: Principal,
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<Page<NotificationDelivery>> {
    return this.deliveries.list(caller, query);
  }
}
