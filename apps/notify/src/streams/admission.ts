import { DomainError } from '#platform';
import type { Memberships } from './memberships.js';
import type { Route } from './route.js';
import type { Router } from './router.js';
import { refused } from './stream-metrics.js';
import { Tally } from './tally.js';

const QUESTIONS = 3;
const RETRY_AFTER_S = 10;

/** Who may open a stream: limits first, then membership. */
export class Admission {
  private readonly perUser = new Tally();
  private readonly perWorkspace = new Tally();
  private total = 0;
  private closed = false;

  constructor(
    private readonly router: Router,
    private readonly memberships: Memberships,
    private readonly limits: { max: number; maxPerUser: number; maxPerWorkspace: number },
  ) {}

  /** Refuses everyone from now on. */
  close(): void {
    this.closed = true;
  }

  /** Throws when this process takes nobody at all: another one may. */
  requireRoom(): void {
    if (this.closed) throw new DomainError('unavailable', { detail: 'The server is going down.' });
    if (this.total >= this.limits.max) refuse('process', 'The server holds as many event streams as it can.');
  }

  /** Takes a place, to be given back with `free`. */
  reserve(workspaceId: string, userId: string): void {
    const { maxPerUser, maxPerWorkspace } = this.limits;
    this.requireRoom();
    if (this.perUser.of(userId) >= maxPerUser) refuse('user', `You have ${maxPerUser} open here.`);
    if (this.perWorkspace.of(workspaceId) >= maxPerWorkspace)
      refuse('workspace', `The workspace has ${maxPerWorkspace} open here.`);
    this.perUser.add(userId);
    this.perWorkspace.add(workspaceId);
    this.total++;
  }

  free(workspaceId: string, userId: string): void {
    this.perUser.remove(userId);
    this.perWorkspace.remove(workspaceId);
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
}

const refuse = (limit: 'user' | 'workspace' | 'process', detail: string): never => {
  refused.inc({ limit });
  const code = limit === 'process' ? 'unavailable' : 'stream.too_many';
  throw new DomainError(code, { retryAfter: RETRY_AFTER_S, detail });
};
