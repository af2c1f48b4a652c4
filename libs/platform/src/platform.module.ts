import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Clock, SystemClock } from '#core';
import { Health } from './health.js';
import type { Logger } from './logger.js';

/** Injection tokens of what every service has. `Health` and `Clock` are their own tokens. */
export const CONFIG = Symbol('config');
export const LOGGER = Symbol('logger');

@Global()
@Module({})
export class PlatformModule {
  static register(config: object, logger: Logger, health: Health): DynamicModule {
    return {
      module: PlatformModule,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useValue: logger },
        { provide: Health, useValue: health },
        { provide: Clock, useClass: SystemClock },
      ],
      exports: [CONFIG, LOGGER, Health, Clock],
    };
  }
}
