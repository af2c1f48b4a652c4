import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from './history.ts';
import type { Outcome, Person } from './person.ts';
import { between, randomFor, type Random } from './random.ts';
import { inviteAgain, type Room, type Town } from './town.ts';

type Move = {
  actor: Person;
  userId: string;
  channelId: string;
  kind: 'add' | 'remove';
  route: string;
  body?: object;
};

/** How a removal is refused of somebody who is not there any more. */
const DONE_ALREADY = [403, 404];

/** People who come and go, one move after the other, at any pace. */
export class Churn {
  readonly #town: Town;
  readonly #record: (command: Command) => void;
  readonly #random: Random;

  constructor(town: Town, seed: number, record: (command: Command) => void) {
    this.#town = town;
    this.#record = record;
    this.#random = randomFor(seed, 'churn');
  }

  async run(going: () => boolean): Promise<void> {
    await Promise.all([this.#vault(going), this.#plaza(going), this.#workspace(going)]);
  }

  /** Ada puts Eve in and throws her out. */
  async #vault(going: () => boolean): Promise<void> {
    const { ada, eve, vault } = this.#town;
    const path = `/channels/${vault.id}/members`;
    while (going()) {
      await this.#move({
        ...this.#about(ada, eve, vault, 'add'),
        route: `POST ${path}`,
        body: { userId: eve.id },
      });
      await this.#wait(200, 4_000);
      await this.#move({ ...this.#about(ada, eve, vault, 'remove'), route: `DELETE ${path}/${eve.id}` });
      await this.#wait(0, 3_000);
    }
  }

  /** Mal comes and goes by himself. */
  async #plaza(going: () => boolean): Promise<void> {
    const { mal, plaza } = this.#town;
    while (going()) {
      await this.#move({ ...this.#about(mal, mal, plaza, 'add'), route: `POST /channels/${plaza.id}/join` });
      await this.#wait(200, 6_000);
      const route = `DELETE /channels/${plaza.id}/members/${mal.id}`;
      await this.#move({ ...this.#about(mal, mal, plaza, 'remove'), route });
      await this.#wait(0, 4_000);
    }
  }

  /** Tim loses the whole workspace, and comes back through an invite. */
  async #workspace(going: () => boolean): Promise<void> {
    const { ada, tim, general, workspaceId } = this.#town;
    while (going()) {
      await this.#wait(3_000, 12_000);
      const route = `DELETE /workspaces/${workspaceId}/members/${tim.id}`;
      await this.#move({ ...this.#about(ada, tim, general, 'remove'), route });
      await this.#wait(500, 5_000);
      const accept = `POST /invites/${await inviteAgain(this.#town)}/accept`;
      await this.#move({ ...this.#about(tim, tim, general, 'add'), route: accept });
    }
  }

  #about(actor: Person, subject: Person, room: Room, kind: 'add' | 'remove') {
    return { actor, userId: subject.id, channelId: room.id, kind };
  }

  #wait(from: number, to: number): Promise<void> {
    return delay(between(this.#random, from, to));
  }

  /** A repetition after a lost reply finds it done already: the same to whoever asked. */
  async #move({ actor, userId, channelId, kind, route, body }: Move): Promise<void> {
    const invokedAt = Date.now();
    const outcome: Outcome<unknown> = await actor.insist(route, body);
    const repeated = outcome.kind === 'refused' && DONE_ALREADY.includes(outcome.status);
    if (outcome.kind === 'refused' && !repeated)
      throw new Error(`${actor.name}: ${route} was refused: ${outcome.status} ${outcome.code}`);
    const ackedAt = outcome.kind === 'unknown' ? null : Date.now();
    this.#record({ kind, personId: actor.id, channelId, userId, invokedAt, ackedAt });
  }
}
