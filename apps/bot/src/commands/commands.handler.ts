import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { MessageCreated } from '#contracts';
import { CommandsService } from './commands.service.js';

@Controller()
export class CommandsHandler {
  constructor(private readonly commands: CommandsService) {}

  @EventPattern('message.created')
  answer(@Payload({ schema: MessageCreated }) event: MessageCreated): Promise<void> {
    return this.commands.answer(event);
  }
}
