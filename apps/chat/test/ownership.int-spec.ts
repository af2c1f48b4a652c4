import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { Member, MyWorkspace, WorkspaceRole } from '#contracts';
import { RunningChat, type Person } from './running-chat.js';

describe('owners', () => {
  let chat: RunningChat;
  let db: Client;
  const call = <T = unknown>(person: Person, route: string, body?: unknown) =>
    chat.call<T>(route, { token: person.token, ...(body === undefined ? {} : { body }) });
  const give = (by: Person, who: Person, role: WorkspaceRole, id: string) =>
    call<Member>(by, `PATCH /workspaces/${id}/members/${who.id}`, { role });
  const remove = (by: Person, who: Person, id: string) =>
    call(by, `DELETE /workspaces/${id}/members/${who.id}`);
  const roleOf = async (person: Person, id: string) =>
    (await call<MyWorkspace>(person, `GET /workspaces/${id}`)).body.role;
  /** A workspace of its own, with as many owners. */
  const owned = async (owners: number) => {
    const people = await Promise.all(Array.from({ length: owners }, (_, n) => chat.person(`Owner${n}`)));
    const [first, ...others] = people as [Person, ...Person[]];
    const { id } = await chat.workspace(first);
    await chat.invite(first, id, ...others);
    for (const other of others) await give(first, other, 'owner', id);
    return { id, people };
  };
  const countOwners = async (id: string) =>
    (
      await db.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM chat.workspace_members WHERE workspace_id = $1 AND role = 'owner'`,
        [id],
      )
    ).rows[0]?.n;

  beforeAll(async () => {
    chat = await RunningChat.start();
    db = new Client({ connectionString: chat.database.url });
    await db.connect();
  });
  afterAll(async () => {
    await db?.end();
    await chat?.stop();
  });

  it('hand over a workspace: the other is owner, the first an admin', async () => {
    const { id, people } = await owned(1);
    const [first] = people as [Person];
    const next = await chat.person('Next');
    expect((await call(first, `POST /workspaces/${id}/transfer`, { userId: next.id })).body.code).toBe(
      'member.not_found',
    );
    await chat.invite(first, id, next);
    expect(
      (await call<MyWorkspace>(first, `POST /workspaces/${id}/transfer`, { userId: next.id })).body.role,
    ).toBe('admin');
    expect([await roleOf(first, id), await roleOf(next, id)]).toEqual(['admin', 'owner']);
    expect((await call(first, `POST /workspaces/${id}/transfer`, { userId: first.id })).body.code).toBe(
      'permission.denied',
    );
  });

  it('keep an owner whatever all owners do to each other at once', async () => {
    for (let round = 0; round < 6; round++) {
      const { id, people } = await owned(3);
      const [a, b, c] = people as [Person, Person, Person];
      const replies = await Promise.all([
        give(a, b, 'member', id),
        remove(b, a, id),
        give(c, c, 'admin', id),
        remove(c, b, id),
        call(b, `POST /workspaces/${id}/members/${c.id}/deactivate`),
        call(a, `POST /workspaces/${id}/transfer`, { userId: c.id }),
        remove(a, a, id),
        give(b, b, 'guest', id),
        give(c, a, 'member', id),
      ]);
      expect(replies.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
      expect(await countOwners(id)).toBeGreaterThanOrEqual(1);
    }
  });

  it('two owners who demote each other at once: one does, the other no longer can', async () => {
    for (let round = 0; round < 5; round++) {
      const { id, people } = await owned(2);
      const [a, b] = people as [Person, Person];
      const replies = await Promise.all([give(a, b, 'member', id), give(b, a, 'member', id)]);
      expect(replies.map(({ status }) => status).sort()).toEqual([200, 403]);
      expect(await countOwners(id)).toBe(1);
    }
  });

  it('two admins who remove each other at once: one stays', async () => {
    const { id, people } = await owned(1);
    const [owner] = people as [Person];
    const [x, y] = [await chat.person('X'), await chat.person('Y')];
    await chat.invite(owner, id, x, y);
    for (const admin of [x, y]) await give(owner, admin, 'admin', id);
    const replies = await Promise.all([remove(x, y, id), remove(y, x, id)]);
    expect(replies.map(({ status }) => status).filter((status) => status === 204)).toHaveLength(1);
    const left = await Promise.all([x, y].map((person) => roleOf(person, id)));
    expect(left.filter((role) => role === 'admin')).toHaveLength(1);
  });
});
