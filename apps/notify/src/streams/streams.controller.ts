import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EventsQuery, params } from '#contracts';
import { takeSocket } from '#streams';
import { Caller, httpDuration, type Principal } from '#platform';
import { TakesTicket } from './takes-ticket.js';
import { Filter } from './filter.js';
import { StreamsService } from './streams.service.js';

@Controller('api/v1/workspaces/:workspaceId/events')
export class StreamsController {
  constructor(private readonly streams: StreamsService) {}

  /** Server-sent events. The reply leaves Nest and fastify here; only the socket stays. */
  @Get()
  @TakesTicket()
  async stream(
    @Param({ schema: params.w }) { workspaceId }: { workspaceId: string },
    @Query({ schema: EventsQuery }) query: EventsQuery,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const header = request.headers['last-event-id'];
    await this.streams.open(caller, workspaceId, {
      id: request.id,
      lastEventId: (Array.isArray(header) ? header[0] : header) || query.after,
      filter: Filter.of(query),
      byTicket: query.ticket !== undefined,
      deviceId: query.deviceId ?? null,
      gone: () => request.raw.socket.destroyed,
      take: () => {
        reply.hijack();
        const route = request.routeOptions.url ?? '';
        httpDuration.observe({ method: 'GET', route, status: 200 }, reply.elapsedTime / 1000);
        const socket = takeSocket(request.raw, reply.raw);
        // Whoever traces the request waits for this.
        reply.raw.removeAllListeners('finish').emit('close');
        return socket;
      },
    });
  }
}
