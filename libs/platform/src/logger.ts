import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';

export type { Logger };

const CREDENTIALS = [
  'authorization',
  'cookie',
  'password',
  'token',
  'ticket',
  'accessToken',
  'refreshToken',
  'clientSecret',
];

/**
 * An error as it is logged: what happened and where, never with which values. Database errors carry the
 * statement's parameters and the row's content.
 */
const describeError = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const { code, constraint, table, params } = error as Error &
    Record<'code' | 'constraint' | 'table' | 'params', unknown>;
  const { name: type, message, stack, cause } = error;
  return {
    type,
    message,
    stack,
    code,
    constraint,
    table,
    params,
    ...(cause ? { cause: describeError(cause) } : {}),
  };
};

/** JSON lines on stdout. Credentials never reach a log: redacted up to two objects deep (`req.headers.cookie`). */
export const createLogger = (service: string, level: string): Logger =>
  pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError },
    redact: {
      paths: ['', '*.', '*.*.'].flatMap((depth) => CREDENTIALS.map((key) => depth + key)),
      censor: '[redacted]',
    },
  });

/** Nest's own messages, in our format. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }
  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }
  error(message: unknown, stack?: string, context?: string): void {
    this.logger.error(
      { context, stack, err: message instanceof Error ? message : undefined },
      String(message),
    );
  }
  debug(message: unknown, context?: string): void {
    this.logger.trace({ context }, String(message));
  }
}
