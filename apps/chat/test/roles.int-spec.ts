import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Member, MyWorkspace, Page, Permission, Role } from '#contracts';
import { eventually, newId } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('custom roles', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let cleo: Person;
  let w: string;
  const call = <T = unknown>(person: Person, route: string, body?: unknown) =>
    chat.call<T>(route, { token: person.token, ...(body === undefined ? {} : { body }) });
  const create = (by: Person, name: string, ...permissions: Permission[]) =>
    call<Role>(by, `POST /workspaces/${w}/roles`, { name, permissions });
  const give = (by: Person, who: Person, customRoleId: string | null) =>
    call<Member>(by, `PATCH /workspaces/${w}/members/${who.id}`, { role: 'member', customRoleId });
  const mine = async (person: Person) => (await call<MyWorkspace>(person, `GET /workspaces/${w}`)).body;

  beforeAll(async () => {
    chat = await RunningChat.start();
    [ada, bob, cleo] = [await chat.person('Ada'), await chat.person('Bob'), await chat.person('Cleo')];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob, cleo);
  });
  afterAll(() => chat.stop());

  it('replace what members may, at once, and seeing people and channels stays', async () => {
    const { body: role } = await create(ada, 'Librarian', 'emoji.create', 'message.delete_any');
    expect((await give(ada, bob, role.id)).body.customRoleId).toBe(role.id);
    expect(await mine(bob)).toMatchObject({ role: 'member', customRoleId: role.id });
    expect((await mine(bob)).permissions.slice().sort()).toEqual([
      'channel.browse',
      'emoji.create',
      'member.list',
      'message.delete_any',
    ]);
    const make = () =>
      call(bob, `POST /workspaces/${w}/channels`, { name: `c-${newId.user()}`, kind: 'public' });
    expect((await make()).body.code).toBe('permission.denied');
    const { body: message } = await chat.send(ada, await shared(), 'to be deleted');
    expect((await call(bob, `DELETE /messages/${message.id}`)).status).toBe(204);
    await call(ada, `PATCH /workspaces/${w}/roles/${role.id}`, { permissions: ['channel.create'] });
    expect((await make()).status).toBe(201);
    const { body: other } = await chat.send(ada, await shared(), 'stays');
    expect((await call(bob, `DELETE /messages/${other.id}`)).body.code).toBe('message.not_author');
    await give(ada, bob, null);
    expect((await mine(bob)).customRoleId).toBeNull();
  });
  const shared = async () => {
    const { body } = await call<Page<{ channel: { id: string; name: string } }>>(
      ada,
      `GET /workspaces/${w}/channels`,
    );
    return body.data.find(({ channel }) => channel.name === 'general')?.channel.id as string;
  };

  it('are made, changed and deleted by those who may; each time all are told, with a growing version', async () => {
    expect((await create(bob, 'Mine')).body.code).toBe('permission.denied');
    const { body: role } = await create(ada, 'Editors', 'message.pin');
    expect((await create(ada, 'éditors')).body.code).toBe('role.name_taken');
    const renamed = await call<Role>(ada, `PATCH /workspaces/${w}/roles/${role.id}`, { name: 'ÉDITORS' });
    expect(renamed.body).toMatchObject({ name: 'ÉDITORS', permissions: ['message.pin'] });
    await give(ada, cleo, role.id);
    expect((await call(ada, `DELETE /workspaces/${w}/roles/${role.id}`)).body.code).toBe('role.in_use');
    await give(ada, cleo, null);
    expect((await call(bob, `DELETE /workspaces/${w}/roles/${role.id}`)).body.code).toBe('permission.denied');
    expect((await call(ada, `DELETE /workspaces/${w}/roles/${role.id}`)).status).toBe(204);
    expect((await call(ada, `DELETE /workspaces/${w}/roles/${role.id}`)).body.code).toBe('role.not_found');
    expect((await give(ada, cleo, role.id)).body.code).toBe('role.not_found');
    const listed = (await call<Page<Role>>(bob, `GET /workspaces/${w}/roles`)).body.data;
    await eventually(async () => {
      const told = (await chat.events(w)).filter((event) => event.type === 'roles.updated');
      expect(told.map(({ data }) => data.version)).toEqual(told.map((_, n) => n + 1));
      expect(told.at(-1)?.data.roles).toEqual(listed);
    });
    expect(await chat.subjects(w)).toContain(`members.${w}.roles.updated`);
  });

  it('give nobody what their giver lacks', async () => {
    const { body: clerk } = await create(ada, 'Clerk', 'role.manage', 'member.change_role', 'poll.create');
    await give(ada, bob, clerk.id);
    expect((await create(bob, 'Powerful', 'workspace.export')).body.code).toBe('permission.denied');
    const { body: polls } = await create(bob, 'Polls', 'poll.create');
    expect(
      (await call(bob, `PATCH /workspaces/${w}/roles/${polls.id}`, { permissions: ['workspace.update'] }))
        .body.code,
    ).toBe('permission.denied');
    const { body: strong } = await create(ada, 'Strong', 'workspace.export', 'poll.create');
    // What the role has already is not granted by keeping it.
    const kept = { name: 'Stronger', permissions: ['workspace.export'] };
    expect((await call(bob, `PATCH /workspaces/${w}/roles/${strong.id}`, kept)).status).toBe(200);
    expect((await give(bob, cleo, strong.id)).body.code).toBe('permission.denied');
    expect((await give(bob, cleo, polls.id)).status).toBe(200);
    // Back to a plain member would give Cleo channels that Bob can't make.
    expect((await give(bob, cleo, null)).body.code).toBe('permission.denied');
    const promote = { role: 'admin' };
    expect((await call(bob, `PATCH /workspaces/${w}/members/${bob.id}`, promote)).body.code).toBe(
      'permission.denied',
    );
    await give(ada, bob, null);
    await give(ada, cleo, null);
  });

  it('have no permission that belongs to owners, and names in which nothing hides', async () => {
    for (const permission of ['owner.manage', 'workspace.delete', 'workspace.transfer', 'nonsense'])
      expect((await create(ada, 'X', permission as Permission)).body.errors?.[0]?.pointer).toBe(
        '/permissions/0',
      );
    for (const name of ['', '\u200b', 'a\u202eb', 'x'.repeat(41)])
      expect((await create(ada, name)).body.errors?.[0]?.pointer).toBe('/name');
  });

  it('are not for guests to see, nor of another workspace to use', async () => {
    const guest = await chat.person('Gus');
    await chat.invite(ada, w, guest);
    await call(ada, `PATCH /workspaces/${w}/members/${guest.id}`, { role: 'guest' });
    expect((await call(guest, `GET /workspaces/${w}/roles`)).body.code).toBe('permission.denied');
    const other = (await chat.workspace(cleo)).id;
    const { body: foreign } = await call<Role>(cleo, `POST /workspaces/${other}/roles`, {
      name: 'F',
      permissions: [],
    });
    expect((await give(ada, bob, foreign.id)).body.code).toBe('role.not_found');
    expect((await call(ada, `DELETE /workspaces/${w}/roles/${foreign.id}`)).body.code).toBe('role.not_found');
  });

  it('are fifty at most, and one of a name though two make it at once', async () => {
    const own = await chat.person('Own');
    const { id } = await chat.workspace(own);
    const make = (name: string) => call(own, `POST /workspaces/${id}/roles`, { name, permissions: [] });
    const twice = await Promise.all([make('Same'), make('same')]);
    expect(twice.map(({ status }) => status).sort()).toEqual([201, 409]);
    for (let n = 1; n < 50; n++) await make(`R${n}`);
    expect((await make('R50')).body.code).toBe('role.too_many');
  });
});
