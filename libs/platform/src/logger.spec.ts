import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createLogger, NestLogger } from './logger.js';

describe('the log', () => {
  it('names its service and keeps to its level', () => {
    const logger = createLogger('chat', 'warn');
    expect(logger.bindings()).toEqual({ service: 'chat' });
    expect(logger.level).toBe('warn');
  });

  it('has a place for each kind of message of Nest', () => {
    const lines: Record<string, unknown>[] = [];
    const logger = pino(
      { level: 'trace' },
      { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
    );
    const nest = new NestLogger(logger);
    nest.log('starting', 'Router');
    nest.warn('odd', 'Router');
    nest.error(new Error('broken'), 'stack', 'Router');
    nest.debug('detail', 'Router');
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
      [20, 'starting'],
      [40, 'odd'],
      [50, 'Error: broken'],
      [10, 'detail'],
    ]);
    expect(lines[2]).toMatchObject({ context: 'Router', stack: 'stack', err: { message: 'broken' } });
  });
});
