import { DomainError } from '#platform';
import type { Memberships } from './memberships.js';
import type { Route } from './route.js';
import type { Router } from './router.js';
import { refused } from './stream-metrics.js';

const QUESTIONS = 3;

/** Who may open a stream: limits first, then membership. */
export class Admission {
  private readonly perUser = new Map<string, number>();
  private total = 0;
  private closed = false;

  constructor(
    private readonly router: Router,
    private readonly memberships: Memberships,
    private readonly limits: { max: number; maxPerUser: number },
  ) {}

  /** Refuses everyone from now on. */
  close(): void {
    this.closed = true;
  }

  /** Takes a place, to be given back with `free`. */
  reserve(userId: string): void {
    if (this.closed) throw new DomainError('unavailable', { detail: 'The server is going down.' });
    const mine = this.perUser.get(userId) ?? 0;
    if (mine >= this.limits.maxPerUser) this.refuse('user');
    if (this.total >= this.limits.max) this.refuse('process');
    this.perUser.set(userId, mine + 1);
    this.total++;
  }

  free(userId: string): void {
    const mine = (this.perUser.get(userId) ?? 1) - 1;
    if (mine === 0) this.perUser.delete(userId);
    else this.perUser.set(userId, mine);
    this.total--;
  }

  /** The live route of a member, counted as waiting for one more stream. Rejects for a stranger. */
  async join(workspaceId: string, userId: string): Promise<Route> {
    const route = this.router.route(workspaceId, userId);
    route.waiting++;
    try {
      while (route.state === 'joining') await this.settled(route);
      if (route.expelled) throw new DomainError('workspace.not_found');
      return route;
    } catch (error) {
      this.leave(route);
      throw error;
    }
  }

  /** Gives up what `join` counted. */
  leave(route: Route): void {
    route.waiting--;
    this.router.release(route);
  }

  /** Resolves when the route is live; everyone who waits for it shares one question to chat. */
  settled(route: Route): Promise<void> {
    route.ready ??= this.ask(route).finally(() => (route.ready = null));
    return route.ready;
  }

  private async ask(route: Route): Promise<void> {
    for (let question = 0; question < QUESTIONS; question++) {
      const { voided } = route;
      route.changes = [];
      const membership = await this.memberships.of(route.workspace.id, route.userId);
      // Joined, left or got another role meanwhile: the answer may be from before or after that.
      const undecided = route.changes.some((change) => change.channelId === null);
      if (undecided || route.voided !== voided) continue;
      if (membership === null) throw new DomainError('workspace.not_found');
      return this.router.settle(route, membership);
    }
    throw new DomainError('unavailable');
  }

  private refuse(limit: 'user' | 'process'): never {
    refused.inc({ limit });
    throw new DomainError(limit === 'user' ? 'stream.too_many' : 'unavailable', { retryAfter: 10 });
  }
}
