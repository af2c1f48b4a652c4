import { Module } from '@nestjs/common';
import { ImagesModule } from '../images/images.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { LinkPreviewsController } from './link-previews.controller.js';
import { LinkPreviewsHandler } from './link-previews.handler.js';
import { LinkPreviewsRepository } from './link-previews.repository.js';
import { LinkPreviewsService } from './link-previews.service.js';
import { PreviewFinder } from './preview-finder.js';

@Module({
  imports: [ImagesModule, MessagesModule],
  controllers: [LinkPreviewsController, LinkPreviewsHandler],
  providers: [LinkPreviewsRepository, LinkPreviewsService, PreviewFinder],
})
export class LinkPreviewsModule {}
