import { Injectable } from '@nestjs/common';
import type { Recipient, UserId } from '#contracts';
import { Clock } from '#core';
import type { Courier, Limits, Report } from '../couriers/courier.js';
import { Notices, type Told } from '../couriers/notices.js';
import { outage } from '../couriers/outage.js';
import { DeliveriesService } from '../notifications/deliveries.service.js';
import type { ClaimedDelivery, DeliveryOutcome } from '../notifications/delivery.js';
import { WishesService } from '../notifications/wishes.service.js';
import { mailsOf, type Item } from './digest.js';
import { Letters } from './letters.js';
import { mailFailure } from './mail-failure.js';

/** Mail servers don't like to be asked for much at once. */
const PEOPLE_AT_ONCE = 4;

/** Mails: what is due to one person at a time goes into one. */
@Injectable()
export class EmailCourier implements Courier {
  readonly channel = 'email';

  constructor(
    private readonly letters: Letters,
    private readonly wishes: WishesService,
    private readonly notices: Notices,
    private readonly deliveries: DeliveriesService,
    private readonly clock: Clock,
  ) {}

  async deliver(claimed: readonly ClaimedDelivery[], report: Report, limits: Limits): Promise<void> {
    const unwanted = await this.wishes.withoutEmail([...new Set(claimed.map(({ userId }) => userId))]);
    const wanted: ClaimedDelivery[] = [];
    for (const delivery of claimed) {
      if (!this.letters.enabled) await report(delivery, { state: 'cancelled', errorCode: 'email_off' });
      else if (unwanted.has(delivery.userId))
        await report(delivery, { state: 'cancelled', errorCode: 'unwanted' });
      else wanted.push(delivery);
    }
    if (wanted.length === 0) return;
    let told: Told;
    try {
      told = await this.notices.of(wanted);
    } catch {
      for (const delivery of wanted) await report(delivery, outage(delivery, 'chat', this.clock.now()));
      return;
    }
    const people = Map.groupBy(wanted, ({ userId }) => userId).entries();
    const work = async () => {
      for (const [userId, own] of people) {
        if (limits.begin.aborted) return;
        await this.tell(userId, own, told, report, limits);
      }
    };
    await Promise.all(Array.from({ length: PEOPLE_AT_ONCE }, work));
  }

  private async tell(
    userId: UserId,
    own: readonly ClaimedDelivery[],
    { notices, recipients }: Told,
    report: Report,
    limits: Limits,
  ): Promise<void> {
    const recipient = recipients.get(userId);
    const items: Item[] = [];
    for (const delivery of own) {
      const notice = notices.get(delivery.id);
      if (!notice) await report(delivery, { state: 'cancelled', errorCode: 'not_readable' });
      else if (!recipient?.email) await report(delivery, { state: 'cancelled', errorCode: 'no_address' });
      else items.push({ delivery, notice });
    }
    if (recipient?.email) await this.write(items, { ...recipient, email: recipient.email }, report, limits);
  }

  private async write(
    items: readonly Item[],
    recipient: Recipient & { email: string },
    report: Report,
    limits: Limits,
  ): Promise<void> {
    for (const claimed of mailsOf(items)) {
      if (limits.begin.aborted) return;
      // Some of it may have been read while we asked.
      const pending = await this.deliveries.pending(claimed.map(({ delivery }) => delivery));
      const mail = claimed.filter(({ delivery }) => pending.has(delivery.id));
      if (mail.length === 0) continue;
      let outcome: (delivery: ClaimedDelivery) => DeliveryOutcome = () => ({ state: 'sent' });
      try {
        if (!(await this.letters.send(mail, recipient, limits.finish))) return;
      } catch (error) {
        outcome = (delivery) => mailFailure(error, delivery, this.clock.now());
      }
      for (const { delivery } of mail) await report(delivery, outcome(delivery));
    }
  }
}
