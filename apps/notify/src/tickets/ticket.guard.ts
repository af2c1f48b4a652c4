import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { AuthGuard, TokenVerifier, type Principal } from '#platform';
import { TAKES_TICKET } from '../streams/takes-ticket.js';
import { TicketsService } from './tickets.service.js';

/** The global guard: a token, or on routes that say so a ticket. A ticket that is there decides alone. */
@Injectable()
export class TicketGuard extends AuthGuard {
  constructor(
    reflector: Reflector,
    verifier: TokenVerifier,
    private readonly tickets: TicketsService,
  ) {
    super(reflector, verifier);
  }

  protected override identify(
    request: FastifyRequest,
    context: ExecutionContext,
  ): Principal | Promise<Principal> {
    const { ticket } = request.query as { ticket?: unknown };
    if (ticket === undefined || !this.reflector.get<boolean>(TAKES_TICKET, context.getHandler()))
      return super.identify(request, context);
    const { workspaceId } = request.params as { workspaceId: string };
    return this.tickets.redeem(ticket, workspaceId);
  }
}
