import { Injectable } from '@nestjs/common';
import { ClientMessageId, type MessageCreated } from '#contracts';
import { Clock } from '#core';
import { Chat } from '../chat/chat.js';
import { isFresh, parseInvocation } from './command.js';
import { commandsTotal } from './command-metrics.js';
import { findCommand } from './command-registry.js';

@Injectable()
export class CommandsService {
  constructor(
    private readonly chat: Chat,
    private readonly clock: Clock,
  ) {}

  /** Answers a message that is a command, in its channel, once for each event. */
  async answer(event: MessageCreated): Promise<void> {
    const { message } = event.data;
    const invocation = parseInvocation(message.text);
    const command = invocation && findCommand(invocation.name);
    if (!command) return;
    const outcome = isFresh(event.time, this.clock.now())
      ? await this.reply(event, command.reply(invocation.args))
      : 'stale';
    commandsTotal.inc({ command: command.name, outcome });
  }

  private async reply({ id, data }: MessageCreated, text: string | null): Promise<string> {
    if (text === null) return 'silent';
    if (data.message.senderId === (await this.chat.me())) return 'own';
    // The event's id makes a repeated answer the same message.
    return this.chat.send(data.message.channelId, { clientMessageId: ClientMessageId.parse(id), text });
  }
}
