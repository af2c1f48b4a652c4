import { Counter } from '#platform';

export const commandsTotal = new Counter({
  name: 'parley_bot_commands_total',
  help: 'Commands by outcome: sent, unwelcome (not a member), silent (nothing to say), stale (too old) or own (from the bot itself)',
  labelNames: ['command', 'outcome'] as const,
});
