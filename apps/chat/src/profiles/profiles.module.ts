import { Module } from '@nestjs/common';
import { ImagesModule } from '../images/images.module.js';
import { ProfileChanges } from './profile-changes.js';
import { ProfilesController } from './profiles.controller.js';
import { ProfilesRepository } from './profiles.repository.js';
import { ProfilesService } from './profiles.service.js';
import { StatusService } from './status.service.js';

@Module({
  imports: [ImagesModule],
  controllers: [ProfilesController],
  providers: [ProfileChanges, ProfilesRepository, ProfilesService, StatusService],
  exports: [ProfileChanges],
})
export class ProfilesModule {}
