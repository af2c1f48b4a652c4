import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthGuard } from '#platform';
import { EnginesModule } from './engines/engines.module.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { StreamsModule } from './streams/streams.module.js';
import { TypingModule } from './typing/typing.module.js';

@Module({
  imports: [EnginesModule, StreamsModule, NotificationsModule, TypingModule],
  providers: [{ provide: APP_GUARD, useClass: AuthGuard }],
})
export class NotifyModule {}
