import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { AuthResult, CreatedAccessToken, Member, MessagePage, Page, User } from '#contracts';
import { eventually } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('the end of an account', () => {
  let chat: RunningChat;
  let database: Client;
  beforeAll(async () => {
    chat = await RunningChat.start();
    database = new Client({ connectionString: chat.database.url });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await chat.stop();
  });

  const leave = (person: Person, password = 'correct horse') =>
    chat.call('POST /me/deletion', { token: person.token, body: { password } });
  const login = (email: string) =>
    chat.call<AuthResult>('POST /auth/login', { body: { email, password: 'correct horse' } });
  const owner = (person: Person, workspaceId: string) =>
    database.query(
      `UPDATE chat.workspace_members SET role = 'owner' WHERE workspace_id = $1 AND user_id = $2`,
      [workspaceId, person.id],
    );

  it('takes away all that says who it was, and leaves what it wrote', async () => {
    const [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    const { id: workspaceId } = await chat.workspace(ada);
    await chat.invite(ada, workspaceId, bob);
    const channelId = await chat.channel(ada, workspaceId);
    await chat.call(`POST /channels/${channelId}/join`, { token: bob.token });
    const { body: message } = await chat.send(bob, channelId, 'I was here');
    await chat.call('PATCH /me', { token: bob.token, body: { title: 'Builder', timeZone: 'Europe/Paris' } });
    await chat.call('PUT /me/status', { token: bob.token, body: { text: 'Bobbing' } });

    expect((await leave(bob)).status).toBe(204);

    const history = await chat.call<MessagePage>(`GET /channels/${channelId}/messages`, { token: ada.token });
    expect(history.body.data.at(-1)).toMatchObject({ id: message.id, senderId: bob.id, text: 'I was here' });
    const members = await chat.call<Page<Member>>(`GET /workspaces/${workspaceId}/members`, {
      token: ada.token,
    });
    expect(members.body.data.map(({ user }) => user.id)).not.toContain(bob.id);
    const { rows } = await database.query<{ row: string }>(
      `SELECT u::text AS row FROM chat.users u WHERE id = $1`,
      [bob.id],
    );
    expect(rows[0]?.row).toContain('Deleted account');
    expect(rows[0]?.row).not.toMatch(/bob|builder|paris|argon2/i);
    const author = await chat.call<User>(`GET /users/${bob.id}`, { token: ada.token });
    expect(author.body).toMatchObject({ id: bob.id, name: 'Deleted account', deleted: true });
  });

  it('ends all its sessions and frees its address', async () => {
    const ada = await chat.person();
    const other = (await login(ada.email)).body;
    const { body: program } = await chat.call<CreatedAccessToken>('POST /me/access-tokens', {
      token: ada.token,
      body: { name: 'backup', scopes: ['*'], expiresInDays: 30, password: 'correct horse' },
    });
    expect((await chat.call('GET /me', { token: program.token })).status).toBe(200);
    expect((await leave(ada)).status).toBe(204);
    for (const token of [ada.token, other.accessToken])
      expect((await chat.call('GET /me', { token })).body.code).toBe('auth.session_revoked');
    expect((await chat.call('GET /me', { token: program.token })).status).toBe(401);
    expect(
      (await chat.call('POST /auth/refresh', { body: { refreshToken: other.refreshToken } })).body.code,
    ).toBe('auth.refresh_invalid');
    expect((await login(ada.email)).body.code).toBe('auth.invalid_credentials');
    const again = await chat.call('POST /auth/register', {
      body: { email: ada.email, name: 'Ada', password: 'correct horse' },
    });
    expect(again.status).toBe(201);
  });

  it('leaves no row that is a person’s own behind', async () => {
    const ada = await chat.person();
    await chat.call('POST /auth/forgot-password', { body: { email: ada.email } });
    await eventually(
      async () => {
        const { rowCount } = await database.query(`SELECT 1 FROM chat.account_tokens WHERE user_id = $1`, [
          ada.id,
        ]);
        expect(rowCount).toBe(2);
      },
      { timeoutMs: 10_000, everyMs: 100 },
    );
    await leave(ada);
    const { rows: tables } = await database.query<{ name: string; column: string }>(
      `SELECT con.conrelid::regclass::text AS name, att.attname AS column FROM pg_constraint con
       JOIN pg_attribute att ON att.attrelid = con.conrelid AND att.attnum = con.conkey[1]
       WHERE con.confrelid = 'chat.users'::regclass AND con.confdeltype = 'c'`,
    );
    expect(tables.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['chat.sessions', 'chat.account_tokens', 'chat.passkeys', 'chat.two_factor']),
    );
    for (const { name, column } of tables) {
      const { rowCount } = await database.query(`SELECT 1 FROM ${name} WHERE "${column}" = $1`, [ada.id]);
      expect([name, rowCount]).toEqual([name, 0]);
    }
  });

  it('is told in order: who it was now, that they left, that their sessions ended', async () => {
    const [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    const { id: workspaceId } = await chat.workspace(ada);
    await chat.invite(ada, workspaceId, bob);
    const before = (await chat.allEvents()).length;
    await leave(bob);
    const events = async () =>
      (await chat.events()).slice(before).filter(({ actorId }) => actorId === bob.id);
    await eventually(async () =>
      expect((await events()).map(({ type }) => type)).toEqual([
        'user.updated',
        'me.updated',
        'member.left',
        'session.revoked',
      ]),
    );
    const [updated, , left] = await events();
    expect(updated?.data).toMatchObject({ user: { id: bob.id, name: 'Deleted account', deleted: true } });
    expect([left?.workspaceId, left?.data]).toEqual([
      workspaceId,
      expect.objectContaining({ userId: bob.id, reason: 'left' }),
    ]);
  });

  it('needs the password, and is not for bots', async () => {
    const ada = await chat.person();
    expect((await leave(ada, 'wrong')).body.code).toBe('auth.password_wrong');
    expect((await chat.call('GET /me', { token: ada.token })).status).toBe(200);
    const { body } = await chat.call<{ accessToken: string }>('POST /auth/token', {
      body: { clientId: 'bot', clientSecret: chat.botSecret },
    });
    expect((await leave({ ...ada, token: body.accessToken })).body.code).toBe('permission.denied');
  });

  it('waits until each workspace has another owner, and names those that have none', async () => {
    const [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    const { id: workspaceId } = await chat.workspace(ada);
    await chat.invite(ada, workspaceId, bob);
    const refused = await leave(ada);
    expect([refused.status, refused.body.code]).toEqual([409, 'account.sole_owner']);
    expect(refused.body.errors).toEqual([{ pointer: `/workspaces/${workspaceId}`, detail: 'Acme' }]);
    expect((await chat.call('GET /me', { token: ada.token })).status).toBe(200);
    await owner(bob, workspaceId);
    expect((await leave(ada)).status).toBe(204);
  });

  it('of the only two owners at once is the end of one', async () => {
    const [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    const { id: workspaceId } = await chat.workspace(ada);
    await chat.invite(ada, workspaceId, bob);
    await owner(bob, workspaceId);
    const replies = await Promise.all([leave(ada), leave(bob)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([204, 409]);
    const { rows } = await database.query(
      `SELECT user_id FROM chat.workspace_members WHERE workspace_id = $1 AND role = 'owner'`,
      [workspaceId],
    );
    expect(rows).toHaveLength(1);
  });

  it('is final for those who were deactivated too', async () => {
    const [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    const { id: workspaceId } = await chat.workspace(ada);
    await chat.invite(ada, workspaceId, bob);
    const decide = (what: string) =>
      chat.call(`POST /workspaces/${workspaceId}/members/${bob.id}/${what}`, { token: ada.token, body: {} });
    expect((await decide('deactivate')).status).toBe(200);
    expect((await leave(bob)).status).toBe(204);
    expect((await decide('reactivate')).body.code).toBe('member.not_deactivated');
    const { rows } = await database.query(`SELECT state, kept FROM chat.former_members WHERE user_id = $1`, [
      bob.id,
    ]);
    expect(rows).toEqual([{ state: 'left', kept: {} }]);
    await eventually(async () => {
      const left = (await chat.events(workspaceId)).filter(({ type }) => type === 'member.left');
      expect(left.map(({ data }) => data)).toEqual([
        expect.objectContaining({ userId: bob.id, reason: 'deactivated' }),
        expect.objectContaining({ userId: bob.id, reason: 'left' }),
      ]);
    });
  });

  it('happens once, however often it is asked for at the same time', async () => {
    const ada = await chat.person();
    const before = (await chat.allEvents()).length;
    const replies = await Promise.all([leave(ada), leave(ada), leave(ada)]);
    expect(replies.filter(({ status }) => status === 204)).toHaveLength(1);
    await eventually(async () => {
      const revoked = (await chat.events()).slice(before).filter(({ type }) => type === 'session.revoked');
      expect(revoked).toHaveLength(1);
    });
  });
});
