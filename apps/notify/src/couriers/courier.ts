import type { ClaimedDelivery, DeliveredChannel, DeliveryOutcome } from '../notifications/delivery.js';

/** Tells what became of one delivery, as soon as it is known. */
export type Report = (delivery: ClaimedDelivery, outcome: DeliveryOutcome) => Promise<void>;

export type Limits = {
  /** Aborted: nothing more is begun. */
  begin: AbortSignal;
  /** Aborted: what is under way is broken off. */
  finish: AbortSignal;
};

/** Carries deliveries of one channel to where people are. */
export interface Courier {
  readonly channel: DeliveredChannel;
  /**
   * Reports each delivery once, except those that are no longer pending. What it has not come to within the
   * limits is reported for it, and comes again.
   */
  deliver(claimed: readonly ClaimedDelivery[], report: Report, limits: Limits): Promise<void>;
}
