import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/messages.module.js';
import { ReminderAccess } from './reminder-access.js';
import { ReminderPlan } from './reminder-plan.js';
import { RemindersController } from './reminders.controller.js';
import { RemindersRepository } from './reminders.repository.js';
import { RemindersService } from './reminders.service.js';

@Module({
  imports: [MessagesModule],
  controllers: [RemindersController],
  providers: [RemindersRepository, ReminderAccess, ReminderPlan, RemindersService],
})
export class RemindersModule {}
