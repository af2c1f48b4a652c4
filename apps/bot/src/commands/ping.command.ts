import type { Command } from './command.js';

export const ping: Command = {
  name: 'ping',
  description: 'tells that the bot is alive',
  reply: () => 'pong',
};
