import { Module } from '@nestjs/common';
import { CommandsModule } from './commands/commands.module.js';
import { EngineModule } from './engine/engine.module.js';

@Module({ imports: [EngineModule, CommandsModule] })
export class BotModule {}
