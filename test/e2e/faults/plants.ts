import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { rpcSubjects, type Membership, type MembershipsReply, type MembershipsRequest } from '#contracts';
import { eventually } from '../../../libs/testing/src/eventually.ts';
import type { Instance } from '../../../deploy/local/instance.mjs';
import type { Person } from './person.ts';
import type { Town } from './town.ts';

/** What a plant works with. `send` is noted like everything that people send. */
export interface Stage {
  readonly instance: Instance;
  readonly town: Town;
  readonly send: (person: Person, channelId: string, text: string) => Promise<void>;
  /** How many streams somebody's devices have opened so far. */
  readonly streamsOf: (person: Person) => number;
}

/** Breaks a promise on purpose, from outside the product, to see whether the checker notices. */
export type Plant = (stage: Stage) => Promise<void>;

const CHATS = ['chat', 'chat-2'];
const NOTIFIES = ['notify', 'notify-2'];

const DROP = `
  DELETE FROM chat.outbox
  WHERE position = (SELECT position FROM chat.outbox WHERE subject LIKE $1 ORDER BY position OFFSET 1 LIMIT 1)`;
const REVERSE = `
  WITH rows AS (
    SELECT position, id, payload,
           row_number() OVER (ORDER BY position) AS up, row_number() OVER (ORDER BY position DESC) AS down
    FROM chat.outbox WHERE subject LIKE $1
  )
  UPDATE chat.outbox AS o SET id = other.id, payload = other.payload
  FROM rows AS one JOIN rows AS other ON one.up = other.down WHERE o.position = one.position`;

/** Sends messages that get no further than the outbox, changes what lies there, and lets it go. */
const tamper =
  (sql: string): Plant =>
  async ({ instance, town: { bob, vault }, send }) => {
    await instance.kill('nats');
    for (let number = 1; number <= 4; number += 1) await send(bob, vault.id, `planted ${number}`);
    for (const chat of CHATS) await instance.kill(chat);
    const client = new pg.Client({ connectionString: instance.engines.postgres.url });
    await client.connect();
    const { rowCount } = await client.query(sql, [`%.channel.${vault.id}.message.created`]);
    await client.end();
    if (!rowCount) throw new Error('there was nothing in the outbox to tamper with');
    await instance.start('nats');
    await Promise.all(CHATS.map((chat) => instance.start(chat)));
  };

/** Notify asks who belongs where, and somebody else than chat answers: Mal is in the vault. */
const lie: Plant = async ({ instance, town, send, streamsOf }) => {
  const { mal, bob, gus, general, plaza, vault } = town;
  const nats = await connect({ servers: instance.engines.nats.url });
  const answer = (userId: string): Membership => {
    const rooms = [general, plaza, vault].filter(
      ({ id, memberIds }) => memberIds.includes(userId) || (userId === mal.id && id === vault.id),
    );
    const channelIds = rooms.map(({ id }) => id) as Membership['channelIds'];
    return { role: userId === gus.id ? 'guest' : 'member', channelIds };
  };
  nats.subscribe(rpcSubjects.memberships, {
    callback: (_error, message) => {
      const { pairs } = message.json<MembershipsRequest>();
      const reply: MembershipsReply = {
        memberships: pairs.map(({ userId }) => (userId === town.sam.id ? null : answer(userId))),
      };
      message.respond(JSON.stringify({ data: reply }));
    },
  });
  await nats.flush();
  // Nobody comes back before chat, which is asked too, can't answer.
  await instance.kill('gateway', 'SIGSTOP');
  for (const notify of NOTIFIES) await instance.kill(notify);
  for (const notify of NOTIFIES) {
    await instance.start(notify);
    // It fetches the keys of access tokens from chat while that is there.
    const headers = { authorization: `Bearer ${town.sam.token}` };
    await fetch(`${instance.urls[notify]}/api/v1/workspaces/${town.workspaceId}/events`, { headers });
  }
  for (const chat of CHATS) await instance.kill(chat, 'SIGSTOP');
  const before = streamsOf(mal);
  await instance.kill('gateway', 'SIGCONT');
  const isBack = () => {
    if (streamsOf(mal) === before) throw new Error('Mal does not come back');
  };
  await eventually(isBack, { timeoutMs: 30_000, everyMs: 50 });
  await nats.close();
  for (const chat of CHATS) await instance.kill(chat, 'SIGCONT');
  await send(bob, vault.id, 'not for Mal');
};

export const PLANTS = { drop: tamper(DROP), reorder: tamper(REVERSE), leak: lie } satisfies Record<
  string,
  Plant
>;
export type PlantName = keyof typeof PLANTS;

export const isPlant = (name: string): name is PlantName => name in PLANTS;
