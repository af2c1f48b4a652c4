import { Module } from '@nestjs/common';
import { ImagesModule } from '../images/images.module.js';
import { EmojiController } from './emoji.controller.js';
import { EmojiEvents } from './emoji-events.js';
import { EmojiRepository } from './emoji.repository.js';
import { EmojiService } from './emoji.service.js';

@Module({
  imports: [ImagesModule],
  controllers: [EmojiController],
  providers: [EmojiRepository, EmojiEvents, EmojiService],
  exports: [EmojiService],
})
export class EmojiModule {}
