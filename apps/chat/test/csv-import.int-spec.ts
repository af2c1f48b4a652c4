import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { MAX_CSV_BYTES, type Job, type ListedChannel, type Member, type MyWorkspace } from '#contracts';
import { Clock } from '#core';
import { eventually, tokenIn } from '#testing';
import { ended, errorsOf, upload } from './operations.js';
import { RunningChat, type Person } from './running-chat.js';

describe('importing people and channels from CSV files', () => {
  let chat: RunningChat;
  let client: Client;
  let ada: Person;
  let bob: Person;
  let workspace: MyWorkspace;
  beforeAll(async () => {
    chat = await RunningChat.start();
    client = new Client({ connectionString: chat.database.url });
    await client.connect();
    [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    workspace = await chat.workspace(ada);
    await chat.invite(ada, workspace.id, bob);
  });
  afterAll(async () => {
    await client.end();
    await chat.stop();
  });

  const post = (kind: string, text: string | Buffer, person = ada, query = '') =>
    upload(chat, person, `/workspaces/${workspace.id}/imports/csv-${kind}${query}`, text, 'text/csv');
  const run = async (kind: string, text: string, query = ''): Promise<Job> => {
    const { status, body } = await post(kind, text, ada, query);
    expect(status).toBe(202);
    return ended(chat, ada, body.id);
  };
  const channels = async (person = ada) =>
    (
      await chat.call<{ data: ListedChannel[] }>(`GET /workspaces/${workspace.id}/channels?limit=100`, {
        token: person.token,
      })
    ).body.data;
  const members = async () =>
    (
      await chat.call<{ data: Member[] }>(`GET /workspaces/${workspace.id}/members?limit=200`, {
        token: ada.token,
      })
    ).body.data;
  const problems = async (job: Job) =>
    (await errorsOf(chat, ada, job.id)).map(({ line, pointer, code }) => [line, pointer, code]);

  const CHANNELS = [
    'name,kind,topic,description,members',
    `Plans,public,What is next,"All, of it",`,
    `inner,private,,,${'BOB'}`,
    'no spaces here,public,,,',
    'plans,private,,,',
    'lost,public,,,nobody@example.org',
  ].join('\n');

  it('makes channels, and says which rows it left out and why', async () => {
    const job = await run('channels', CHANNELS.replace('BOB', bob.email));
    expect(job).toMatchObject({
      kind: 'csv_channels',
      state: 'done',
      result: { created: 2 },
      errorCount: 3,
      progress: { done: 5, total: 5, unit: 'rows' },
    });
    expect(await problems(job)).toEqual([
      [4, '/name', 'invalid'],
      [5, '/kind', 'conflict'],
      [6, '/members', 'unknown'],
    ]);
    const plans = (await channels()).find(({ channel }) => channel.name === 'plans');
    expect(plans?.channel).toMatchObject({ topic: 'What is next', description: 'All, of it' });
    expect((await channels(bob)).find(({ channel }) => channel.name === 'inner')).toMatchObject({
      membership: {},
    });
  });

  const users = (tag: string) =>
    [
      'email,name,role,title,channels',
      `carl-${tag}@example.org,Carl,,Engineer,plans;inner`,
      `gina-${tag}@example.org,Gina,guest,,plans`,
      `guest-${tag}@example.org,Guest,guest,,`,
      `not an address,Nobody,,,`,
      `dora-${tag}@example.org,Dora,owner,,`,
      `emil-${tag}@example.org,Emil,,,nowhere`,
      `${bob.email},Bob,,,plans`,
    ].join('\n');

  it('makes accounts with a mail to choose a password, and lets them in', async () => {
    const job = await run('users', users('a'));
    expect(job).toMatchObject({ state: 'done', result: { created: 2, updated: 1 }, errorCount: 4 });
    expect(await problems(job)).toEqual([
      [4, '/channels', 'invalid'],
      [5, '/email', 'invalid'],
      [6, '/role', 'invalid'],
      [7, '/channels', 'unknown'],
    ]);
    const roles = new Map((await members()).map(({ user, role }) => [user.name, role]));
    expect([roles.get('Carl'), roles.get('Gina'), roles.has('Guest'), roles.has('Emil')]).toEqual([
      'member',
      'guest',
      false,
      false,
    ]);
    const { rows } = await client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM chat.users WHERE email LIKE '%-a@example.org' AND password_hash IS NULL`,
    );
    expect(rows).toEqual([{ n: 2 }]);
    const events = await chat.allEvents(workspace.id);
    const joined = events.filter(({ type, channelId }) => type === 'member.joined' && channelId === null);
    expect(joined.some(({ data }) => (data as { user: { name: string } }).user.name === 'Carl')).toBe(true);
    const progress = events.flatMap((event) => (event.type === 'job.progress' ? [event.data.job] : []));
    expect(progress.findLast(({ id }) => id === job.id)).toEqual(job);
  });

  it('the mail to choose a first password waits for a week, and does not say that anybody asked for it', async () => {
    const email = 'patient@example.org';
    await run('users', `email,name\n${email},Patient\n`);
    const mail = await eventually(async () => {
      const [found] = await chat.mailsTo(email);
      if (!found) throw new Error('no mail yet');
      return found;
    });
    expect(mail.subject).toBe('Choose your password');
    // Whoever imports writes the name: it must not be a way to write into the mailbox of a stranger.
    expect(mail.text).not.toContain('Patient');
    const clock = chat.app.get(Clock);
    const now = clock.now.bind(clock);
    const choose = (afterDays: number) => {
      clock.now = () => new Date(now().getTime() + afterDays * 86_400_000);
      const body = { token: tokenIn(mail), password: 'lanterns over quiet water' };
      return chat.call('POST /auth/reset-password', { body });
    };
    try {
      expect((await choose(8)).body.code).toBe('auth.link_invalid');
      expect((await choose(6)).status).toBe(204);
    } finally {
      clock.now = now;
    }
  });

  it('changes nothing the second time', async () => {
    const before = await members();
    expect(await run('users', users('a'))).toMatchObject({ result: { unchanged: 3 }, errorCount: 4 });
    expect(await members()).toEqual(before);
    expect(await run('channels', 'name\nplans\n')).toMatchObject({ result: { unchanged: 1 } });
  });

  it('only checks on a dry run', async () => {
    const before = await members();
    expect(await run('users', users('b'), '?dryRun=true')).toMatchObject({
      dryRun: true,
      result: { created: 2, unchanged: 1 },
      errorCount: 4,
    });
    expect(await members()).toEqual(before);
  });

  it('lets nobody in who has opened an account with an address that is not proven to be theirs', async () => {
    const squatter = await chat.person('Squatter');
    const file = `email\n${squatter.email}\n`;
    expect(await problems(await run('users', file))).toEqual([[2, '/email', 'conflict']]);
    await client.query(`UPDATE chat.users SET email_verified_at = now() WHERE id = $1`, [squatter.id]);
    expect(await run('users', file)).toMatchObject({ result: { added: 1 }, errorCount: 0 });
  });

  it('gives nobody a role that is more than that of whoever imports', async () => {
    const manager = await chat.person('Manager');
    await chat.invite(ada, workspace.id, manager);
    const role = await chat.call<{ id: string }>(`POST /workspaces/${workspace.id}/roles`, {
      body: { name: 'Importers', permissions: ['member.bulk'] },
      token: ada.token,
    });
    expect(role.status).toBe(201);
    await client.query(
      `UPDATE chat.workspace_members SET custom_role_id = $3 WHERE workspace_id = $1 AND user_id = $2`,
      [workspace.id, manager.id, role.body.id],
    );
    const { body } = await post('users', 'email,role\nmine@example.org,admin\n', manager);
    const job = await ended(chat, manager, body.id);
    expect(job).toMatchObject({ state: 'done', errorCount: 1, result: {} });
    expect((await errorsOf(chat, manager, job.id))[0]).toMatchObject({ pointer: '/role', code: 'conflict' });
  });

  it('fails on a file that is none, and refuses one that is too large, of another type, or empty', async () => {
    expect(await run('users', 'name\nAda\n')).toMatchObject({
      state: 'failed',
      problem: 'import.unreadable',
    });
    expect((await post('users', Buffer.alloc(MAX_CSV_BYTES + 1, 0x61))).body.code).toBe('request.too_large');
    expect((await post('users', '')).body.code).toBe('import.unreadable');
    const { rows } = await client.query(`SELECT 1 FROM chat.operation_chunks WHERE part = 'source'`);
    expect(rows).toEqual([]);
  });

  it('is for admins and owners', async () => {
    for (const kind of ['users', 'channels'])
      expect((await post(kind, 'email,name\n', bob)).body.code).toBe('permission.denied');
    const eve = await chat.person('Eve');
    expect((await post('users', 'email\n', eve)).body.code).toBe('workspace.not_found');
  });

  it('lists jobs to whoever started them, the newest first, page by page', async () => {
    const page = async (person: Person, cursor = '') =>
      (
        await chat.call<{ data: Job[]; nextCursor: string | null }>(
          `GET /workspaces/${workspace.id}/jobs?limit=2${cursor && `&cursor=${cursor}`}`,
          { token: person.token },
        )
      ).body;
    const seen: string[] = [];
    let { data, nextCursor } = await page(ada);
    for (seen.push(...data.map(({ id }) => id)); nextCursor; seen.push(...data.map(({ id }) => id)))
      ({ data, nextCursor } = await page(ada, nextCursor));
    expect(seen.length).toBeGreaterThan(5);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    expect((await page(bob)).data).toEqual([]);
    const bad = await chat.call(`GET /workspaces/${workspace.id}/jobs?cursor=x`, { token: ada.token });
    expect(bad.body.errors?.[0]?.pointer).toBe('/query/cursor');
  });
});
