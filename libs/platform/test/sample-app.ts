import { Body, Controller, Get, HttpCode, Param, Post, Query, type Type } from '@nestjs/common';
import { pino } from 'pino';
import { z } from 'zod';
import { createApplication, DomainError, Health, type HttpOptions } from '#platform';

export const Note = z.strictObject({
  text: z.string().min(1).max(100),
  tags: z.array(z.string()).default([]),
});
export const IdParams = z.strictObject({ id: z.uuid() });
export const ListQuery = z.strictObject({ limit: z.coerce.number().int().max(10).default(5) });

/** Answers what the validated request is, and throws all that can be thrown. */
@Controller('/api/v1')
export class NotesController {
  @Post('notes')
  create(@Body({ schema: Note }) note: z.infer<typeof Note>) {
    return note;
  }

  @Get('notes')
  list(@Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>) {
    return query;
  }

  @Get('notes/:id')
  find(@Param({ schema: IdParams }) { id }: z.infer<typeof IdParams>) {
    throw new DomainError('message.not_found', { id, detail: 'it never was' });
  }

  @Get('unchecked')
  unchecked(@Query('q') q: string) {
    return q;
  }

  @Get('defect')
  defect() {
    throw new TypeError('secret detail');
  }

  @Get('nothing')
  nothing() {
    // What a careless library throws.
    const error: unknown = null;
    throw error;
  }

  @Get('busy')
  busy() {
    throw new DomainError('overloaded', { retryAfter: 7 });
  }

  @Post('empty')
  @HttpCode(204)
  empty() {
    return undefined;
  }
}

/** The log lines of an application, and the application. */
export const startSampleApp = async (module: Type, fastify: HttpOptions = {}) => {
  const lines: Record<string, unknown>[] = [];
  const logger = pino(
    { level: 'trace' },
    { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const health = new Health();
  const app = await createApplication({ module, config: { name: 'sample' }, logger, health, fastify });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return { app, health, lines, logger };
};
