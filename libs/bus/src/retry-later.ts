/**
 * Thrown by a handler when not the event but something it needs is at fault (an engine is down, a peer
 * answers 503): the event is delivered again later, as often as it takes, and never becomes a dead letter.
 */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';

  constructor(
    message: string,
    /** Wait before the next delivery; by default it grows from 1 to 5 s. */
    readonly afterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The wait before the next delivery after so many. */
export const retryDelay = (error: RetryLater, deliveryCount: number): number =>
  error.afterMs ?? Math.min(deliveryCount, 5) * 1000;
