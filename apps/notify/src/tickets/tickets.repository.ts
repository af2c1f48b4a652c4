import { Inject, Injectable } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { DomainError } from '#platform';
import { REDIS } from '../engines/tokens.js';
import { ticketOf, ticketText, type Ticket } from './ticket.js';

const keyOf = (hash: string): string => `stream:ticket:${hash}`;
const unavailable = (cause: unknown): never => {
  throw new DomainError('unavailable', { retryAfter: 2 }, { cause });
};

/** Tickets by their hash. Redis forgets those that nobody used. */
@Injectable()
export class TicketsRepository {
  constructor(@Inject(REDIS) private readonly redis: Redis) {}

  async keep(hash: string, ticket: Ticket, seconds: number): Promise<void> {
    await this.redis.set(keyOf(hash), ticketText(ticket), 'EX', seconds).catch(unavailable);
  }

  /** Gives a ticket to the first who asks, and nothing to anyone after. */
  async take(hash: string): Promise<Ticket | null> {
    const text = await this.redis.getdel(keyOf(hash)).catch(unavailable);
    return text === null ? null : ticketOf(text);
  }
}
