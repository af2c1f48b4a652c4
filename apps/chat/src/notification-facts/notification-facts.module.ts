import { Module } from '@nestjs/common';
import { NotificationFactsHandler } from './notification-facts.handler.js';
import { NotificationFactsRepository } from './notification-facts.repository.js';
import { NotificationFactsService } from './notification-facts.service.js';

@Module({
  controllers: [NotificationFactsHandler],
  providers: [NotificationFactsRepository, NotificationFactsService],
})
export class NotificationFactsModule {}
