import { Counter, Gauge } from '#platform';
import type { DeliveredChannel } from '../notifications/delivery.js';

export const outcomes = new Counter({
  name: 'parley_deliveries_total',
  help: 'Attempts at deliveries, by what became of them',
  labelNames: ['channel', 'outcome'] as const,
});

type Ages = () => Promise<Record<DeliveredChannel, number>>;
let ages: Ages | undefined;

/** Says whom to ask for how long the oldest delivery of each channel has been due, in seconds. */
export const observe = (of: Ages): void => {
  ages = of;
};

new Gauge({
  name: 'parley_deliveries_oldest_seconds',
  help: 'How long the oldest delivery that is due has been',
  labelNames: ['channel'] as const,
  async collect() {
    // Without a database nothing is known, and the metrics of streams must not fail with it.
    const found = await ages?.().catch(() => null);
    this.reset();
    for (const [channel, seconds] of Object.entries(found ?? {})) this.set({ channel }, seconds);
  },
});
