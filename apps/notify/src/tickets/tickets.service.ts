import { Inject, Injectable } from '@nestjs/common';
import type { CreatedStreamTicket } from '#contracts';
import { Clock } from '#core';
import { CONFIG, DomainError, RevocationList, type Principal } from '#platform';
import type { NotifyConfig } from '../config.js';
import { StreamsService } from '../streams/streams.service.js';
import { newTicket, ticketHash } from './ticket.js';
import { TicketsRepository } from './tickets.repository.js';

/**
 * Tickets for clients that can set neither cookie nor header: a page of another origin whose server holds
 * the token. A ticket is no more than what it was made with: it is bound to that caller's scopes, dies with
 * the session or token, and whether the caller may hear the workspace is asked again when it is used.
 */
@Injectable()
export class TicketsService {
  constructor(
    private readonly streams: StreamsService,
    private readonly tickets: TicketsRepository,
    private readonly revocations: RevocationList,
    @Inject(CONFIG) private readonly config: NotifyConfig,
    private readonly clock: Clock,
  ) {}

  async issue(caller: Principal, workspaceId: string): Promise<CreatedStreamTicket> {
    await this.streams.admit(caller, workspaceId);
    const { ticketSeconds } = this.config.streams;
    const ticket = newTicket();
    const expiresAt = new Date(this.clock.now().getTime() + ticketSeconds * 1000).toISOString();
    await this.tickets.keep(ticketHash(ticket) as string, { workspaceId, caller }, ticketSeconds);
    return { ticket, expiresAt };
  }

  /** Whoever made the ticket. From here on it is used, whatever becomes of the request. */
  async redeem(text: unknown, workspaceId: string): Promise<Principal> {
    // Before the ticket is gone: another process may have room for it.
    this.streams.requireRoom();
    const hash = ticketHash(text);
    const ticket = hash && (await this.tickets.take(hash));
    if (!ticket || ticket.workspaceId !== workspaceId) throw new DomainError('stream.ticket_invalid');
    const { caller } = ticket;
    if (this.revocations.has(caller.sessionId)) throw new DomainError('auth.session_revoked');
    // A session goes on with another access token; a personal one has come to its end.
    if (caller.scopes !== null && caller.expiresAt <= this.clock.now().getTime())
      throw new DomainError('auth.token_expired');
    return caller;
  }
}
