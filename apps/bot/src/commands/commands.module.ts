import { Module } from '@nestjs/common';
import { ChatModule } from '../chat/chat.module.js';
import { CommandsHandler } from './commands.handler.js';
import { CommandsService } from './commands.service.js';

@Module({ imports: [ChatModule], controllers: [CommandsHandler], providers: [CommandsService] })
export class CommandsModule {}
