import { Module } from '@nestjs/common';
import { NoticesHandler } from './notices.handler.js';
import { NoticesRepository } from './notices.repository.js';
import { NoticesService } from './notices.service.js';

@Module({ controllers: [NoticesHandler], providers: [NoticesRepository, NoticesService] })
export class NoticesModule {}
