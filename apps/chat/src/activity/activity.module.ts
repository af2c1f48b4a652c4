import { Module } from '@nestjs/common';
import { MessagesModule } from '../messages/messages.module.js';
import { ActivityCursorService } from './activity-cursor.service.js';
import { ActivityController } from './activity.controller.js';
import { ActivityRepository } from './activity.repository.js';
import { ActivityService } from './activity.service.js';

@Module({
  imports: [MessagesModule],
  controllers: [ActivityController],
  providers: [ActivityRepository, ActivityService, ActivityCursorService],
  exports: [ActivityCursorService],
})
export class ActivityModule {}
