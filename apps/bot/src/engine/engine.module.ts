import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { connectBus, ensureStreams, type Bus } from '#bus';
import { CONFIG, Health } from '#platform';
import type { BotConfig } from '../config.js';

export const BUS = Symbol('bus');

const bus = {
  provide: BUS,
  inject: [CONFIG],
  useFactory: async ({ nats }: BotConfig): Promise<Bus> => {
    const connected = await connectBus(nats.url, 'bot');
    await ensureStreams(connected.jsm, nats);
    return connected;
  },
};

/** The connection of the process, closed after the consumer has drained. */
@Global()
@Module({ providers: [bus], exports: [BUS] })
export class EngineModule implements OnApplicationShutdown {
  constructor(
    @Inject(BUS) private readonly connected: Bus,
    health: Health,
  ) {
    health.add('nats', () => connected.nats.flush());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connected.nats.drain().catch(() => undefined);
  }
}
