import { Module } from '@nestjs/common';
import { EnginesModule } from '../engines/engines.module.js';
import { StreamsModule } from '../streams/streams.module.js';
import { DevicesService } from './devices.service.js';
import { PresenceController } from './presence.controller.js';
import { PresenceRepository } from './presence.repository.js';
import { PresenceService } from './presence.service.js';
import { SubscriptionsService } from './subscriptions.service.js';

@Module({
  imports: [EnginesModule, StreamsModule],
  controllers: [PresenceController],
  providers: [PresenceRepository, PresenceService, DevicesService, SubscriptionsService],
})
export class PresenceModule {}
