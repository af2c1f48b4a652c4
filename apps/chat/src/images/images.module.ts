import { Module } from '@nestjs/common';
import { ImageSweep } from './image-sweep.js';
import { ImagesController } from './images.controller.js';
import { ImagesRepository } from './images.repository.js';
import { ImagesService } from './images.service.js';

@Module({
  controllers: [ImagesController],
  providers: [ImagesRepository, ImagesService, ImageSweep],
  exports: [ImagesService],
})
export class ImagesModule {}
