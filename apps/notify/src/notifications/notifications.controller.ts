import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  NotificationParams,
  NotificationsQuery,
  ReadAllNotifications,
  type Notification,
  type NotificationId,
  type Page,
  type ReadNotifications,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { NotificationsService } from './notifications.service.js';

@Controller('api/v1/notifications')
export class NotificationsController {
  constructor(private readonly notifications: NotificationsService) {}

  @Get()
  list(
    @Caller() caller: Principal,
    @Query({ schema: NotificationsQuery }) query: NotificationsQuery,
  ): Promise<Page<Notification>> {
    return this.notifications.list(caller, query);
  }

  @Post('read-all')
  @HttpCode(200)
  readAll(
    @Caller() caller: Principal,
    @Body({ schema: ReadAllNotifications }) { workspaceId }: ReadAllNotifications,
  ): Promise<ReadNotifications> {
    return this.notifications.readAll(caller, workspaceId);
  }

  @Post(':notificationId/read')
  @HttpCode(200)
  read(
    @Caller() caller: Principal,
    @Param({ schema: NotificationParams }) { notificationId }: { notificationId: NotificationId },
  ): Promise<Notification> {
    return this.notifications.read(caller, notificationId);
  }
}
