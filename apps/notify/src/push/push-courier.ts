import { Inject, Injectable } from '@nestjs/common';
import type { Notice } from '#contracts';
import { Clock } from '#core';
import type { Courier, Limits, Report } from '../couriers/courier.js';
import { Notices, type Told } from '../couriers/notices.js';
import { outage } from '../couriers/outage.js';
import { DeliveriesService } from '../notifications/deliveries.service.js';
import type { ClaimedDelivery } from '../notifications/delivery.js';
import { PUSH_GATEWAY } from './tokens.js';
import type { PushGateway } from './push-gateway.js';
import { payloadsOf, treatmentOf } from './push-payload.js';
import { outcomeOf, type PushReply } from './push-reply.js';
import type { PushSubscriptionRow } from './push-subscription.js';
import { PushDevices } from './push-devices.service.js';

const cancelled = (errorCode: string) => ({ state: 'cancelled', errorCode }) as const;

/** Pushes: one per device and delivery. Those of one person go one after the other, as they came. */
@Injectable()
export class PushCourier implements Courier {
  readonly channel = 'push';

  constructor(
    @Inject(PUSH_GATEWAY) private readonly gateway: PushGateway | null,
    private readonly devices: PushDevices,
    private readonly notices: Notices,
    private readonly deliveries: DeliveriesService,
    private readonly clock: Clock,
  ) {}

  async deliver(claimed: readonly ClaimedDelivery[], report: Report, limits: Limits): Promise<void> {
    const { gateway } = this;
    const devices = await this.devices.of(claimed.map(({ userId }) => userId));
    const aimed: ClaimedDelivery[] = [];
    for (const delivery of claimed) {
      if (!gateway) await report(delivery, cancelled('push_off'));
      else if (devices.has(delivery.userId)) aimed.push(delivery);
      else await report(delivery, cancelled('no_subscription'));
    }
    if (!gateway || aimed.length === 0) return;
    let told: Told;
    try {
      told = await this.notices.of(aimed);
    } catch {
      for (const delivery of aimed) await report(delivery, outage(delivery, 'chat', this.clock.now()));
      return;
    }
    const byPerson = Map.groupBy(aimed, ({ userId }) => userId);
    await Promise.all(
      [...byPerson].map(async ([userId, own]) => {
        for (const delivery of own) {
          if (limits.begin.aborted) return;
          const notice = told.notices.get(delivery.id);
          if (!notice) await report(delivery, cancelled('not_readable'));
          else await this.push(gateway, delivery, notice, devices.get(userId) ?? [], report, limits.finish);
        }
      }),
    );
  }

  private async push(
    gateway: PushGateway,
    delivery: ClaimedDelivery,
    notice: Notice,
    devices: readonly PushSubscriptionRow[],
    report: Report,
    signal: AbortSignal,
  ): Promise<void> {
    const has = delivery.attempt > 1 ? await this.devices.thatHave(delivery.id) : new Set<string>();
    // It may have been read while we asked.
    if (!(await this.deliveries.pending([delivery])).has(delivery.id)) return;
    const missing = devices.filter(({ id }) => !has.has(id));
    const replies = await Promise.all(
      missing.map((device) => send(gateway, delivery, notice, device, signal)),
    );
    const { attempt } = delivery;
    const outcome = outcomeOf(replies, { attempt, before: has.size, now: this.clock.now() });
    if (outcome.state === 'retry') await this.devices.note(delivery.id, missing, replies);
    await report(delivery, outcome);
    await this.devices.learn(missing, replies);
  }
}

/** Less and less, while the service finds it too large. */
const send = async (
  gateway: PushGateway,
  delivery: ClaimedDelivery,
  notice: Notice,
  device: PushSubscriptionRow,
  signal: AbortSignal,
): Promise<PushReply> => {
  let reply: PushReply = { kind: 'too_large', errorCode: 'http_413' };
  for (const payload of payloadsOf(delivery, notice, device.content)) {
    reply = await gateway.send(device, payload, treatmentOf(delivery, device.id), signal);
    if (reply.kind !== 'too_large') return reply;
  }
  return reply;
};
