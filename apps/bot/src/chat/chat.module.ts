import { Module } from '@nestjs/common';
import { Clock } from '#core';
import { CONFIG, Health } from '#platform';
import type { BotConfig } from '../config.js';
import { ChatHttp } from './chat-http.js';
import { Chat } from './chat.js';
import { ServiceTokens } from './service-token.js';

const chat = {
  provide: Chat,
  inject: [CONFIG, Clock, Health],
  useFactory: (config: BotConfig, clock: Clock, health: Health): Chat => {
    const http = new ChatHttp(config.chat.url);
    // Without chat commands wait; the bot itself is well.
    health.add('chat', () => http.probe(), { required: false });
    return new Chat(http, new ServiceTokens(http, config.chat.clientSecret, clock));
  },
};

@Module({ providers: [chat], exports: [Chat] })
export class ChatModule {}
