import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  PushSubscriptionParams,
  SavePushSubscription,
  type PushKey,
  type PushSubscription,
  type PushSubscriptionId,
  type PushSubscriptions,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { PushSubscriptionsService } from './push-subscriptions.service.js';

@Controller('api/v1')
export class PushSubscriptionsController {
  constructor(private readonly subscriptions: PushSubscriptionsService) {}

  @Get('push/key')
  key(): PushKey {
    return this.subscriptions.key();
  }

  @Get('push-subscriptions')
  list(@Caller() caller: Principal): Promise<PushSubscriptions> {
    return this.subscriptions.list(caller);
  }

  @Post('push-subscriptions')
  save(
    @Caller() caller: Principal,
    @Body({ schema: SavePushSubscription }) body: SavePushSubscription,
  ): Promise<PushSubscription> {
    return this.subscriptions.save(caller, body);
  }

  @Delete('push-subscriptions/:pushSubscriptionId')
  @HttpCode(204)
  async remove(
    @Caller() caller: Principal,
    @Param({ schema: PushSubscriptionParams })
    { pushSubscriptionId }: { pushSubscriptionId: PushSubscriptionId },
  ): Promise<void> {
    await this.subscriptions.remove(caller, pushSubscriptionId);
  }
}
