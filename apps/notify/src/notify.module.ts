import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { EmailModule } from './email/email.module.js';
import { EnginesModule } from './engines/engines.module.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { PushModule } from './push/push.module.js';
import { PresenceModule } from './presence/presence.module.js';
import { StreamsModule } from './streams/streams.module.js';
import { TicketGuard } from './tickets/ticket.guard.js';
import { TicketsModule } from './tickets/tickets.module.js';
import { TypingModule } from './typing/typing.module.js';

@Module({
  imports: [
    EnginesModule,
    StreamsModule,
    TicketsModule,
    NotificationsModule,
    EmailModule,
    PresenceModule,
    PushModule,
    TypingModule,
  ],
  providers: [{ provide: APP_GUARD, useClass: TicketGuard }],
})
export class NotifyModule {}
