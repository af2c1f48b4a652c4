import { Module } from '@nestjs/common';
import { ImagesModule } from '../images/images.module.js';
import { EmojiController } from './emoji.controller.js';
import { EmojiRepository } from './emoji.repository.js';
import { EmojiService } from './emoji.service.js';

@Module({
  imports: [ImagesModule],
  controllers: [EmojiController],
  providers: [EmojiRepository, EmojiService],
  exports: [EmojiService],
})
export class EmojiModule {}
