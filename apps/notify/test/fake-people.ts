import type { Bus } from '#bus';
import {
  rpcSubjects,
  type AcquaintancesRequest,
  type DoNotDisturb,
  type DoNotDisturbRequest,
} from '#contracts';

type Memberships = { channels: ReadonlyMap<string, string[]>; roles: ReadonlyMap<string, string> };

/** What chat says of people: whom they may know of, and when they want to be left alone. */
export class FakePeople {
  /** By user id. */
  readonly wishes = new Map<string, DoNotDisturb>();
  silent = false;

  constructor(bus: Bus, { channels, roles }: Memberships) {
    bus.nats.subscribe(rpcSubjects.acquaintances, {
      callback: (_error, message) => {
        if (this.silent) return;
        const { workspaceId, userId, others } = message.json<AcquaintancesRequest>();
        const mine = channels.get(`${workspaceId} ${userId}`);
        const byChannels = roles.get(`${workspaceId} ${userId}`)?.endsWith('guest') ?? false;
        const userIds = others.filter((other) => {
          const theirs = channels.get(`${workspaceId} ${other}`);
          return theirs && (!byChannels || other === userId || theirs.some((id) => mine?.includes(id)));
        });
        const acquaintances = mine ? { byChannels, userIds } : null;
        message.respond(JSON.stringify({ data: { acquaintances } }));
      },
    });
    bus.nats.subscribe(rpcSubjects.doNotDisturb, {
      callback: (_error, message) => {
        const { userIds } = message.json<DoNotDisturbRequest>();
        const nothing = { dndUntil: null, quietHours: null, timeZone: null };
        const people = userIds.map((userId) => this.wishes.get(userId) ?? nothing);
        message.respond(JSON.stringify({ data: { people } }));
      },
    });
  }
}
