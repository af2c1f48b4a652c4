import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthGuard } from '#platform';
import { EngineModule } from './engine/engine.module.js';
import { EventsModule } from './events/events.module.js';
import { ReportsModule } from './reports/reports.module.js';

@Module({
  imports: [EngineModule, EventsModule, ReportsModule],
  providers: [{ provide: APP_GUARD, useClass: AuthGuard }],
})
export class AnalyticsModule {}
