import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  AuthResult,
  Bootstrap,
  Job,
  JobErrorPage,
  ListedChannel,
  Member,
  MyWorkspace,
  Page,
} from '#contracts';
import { tokenIn, type EventStream } from '#testing';
import { messagesOf, sampleExport, unzip, zipOf, type Files } from '../../apps/chat/test/slack-archive.js';
import { RunningParley, type Person } from './running-parley.js';

type Json = Record<string, unknown>;
const ENDED = ['done', 'failed', 'cancelled'];

/** Everything an archive says, whatever the order it says it in. */
const said = (files: Files) => {
  const list = (name: string) =>
    ((files[`${name}.json`] ?? []) as Json[]).toSorted((a, b) =>
      String(a['id']) < String(b['id']) ? -1 : 1,
    );
  return {
    // Whoever runs the workspace has an id of ours, which is longer.
    users: list('users').filter(({ id }) => String(id).length < 20),
    channels: ['channels', 'groups', 'dms', 'mpims'].flatMap(list),
    messages: Object.fromEntries(
      [...new Set(Object.keys(files).flatMap((name) => name.split('/').slice(0, -1)))]
        .sort()
        .map((folder) => [
          folder,
          messagesOf(
            Object.fromEntries(Object.entries(files).filter(([name]) => name.startsWith(`${folder}/`))),
          ).sort((a, b) => (String(a['ts']) < String(b['ts']) ? -1 : 1)),
        ]),
    ),
  };
};

describe('bringing people, channels and years of talk in and out, through the gateway', () => {
  let parley: RunningParley;
  let ada: Person;
  let bob: Person;
  let w: string;
  let general: string;
  beforeAll(async () => {
    parley = await RunningParley.start();
    ({ ada, bob, workspaceId: w, channelId: general } = await parley.team());
    // An archive knows people by their addresses, which they have to have proved.
    await Promise.all([parley.verify(ada), parley.verify(bob)]);
  }, 120_000);
  afterAll(() => parley?.stop(), 60_000);

  /** Follows a job on the stream to its end, and gives each state it was told in. */
  const progressOf = async (stream: EventStream, id: string): Promise<Job[]> => {
    const told: Job[] = [];
    while (!ENDED.includes(told.at(-1)?.state ?? '')) {
      const frame = await stream.next(
        ({ event, data }) => event === 'job.progress' && data.includes(id),
        60_000,
      );
      told.push((JSON.parse(frame.data) as { data: { job: Job } }).data.job);
    }
    return told;
  };
  const run = async (path: string, body: Buffer, type: string, workspaceId = w): Promise<Job> => {
    const stream = await ada.listen(workspaceId);
    const { status, body: job } = await ada.upload<Job>(`/workspaces/${workspaceId}${path}`, body, type);
    expect(status).toBe(202);
    const told = await progressOf(stream, job.id);
    const versions = told.map(({ version }) => version);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect((await ada.call<Job>(`GET /jobs/${job.id}`)).body).toEqual(told.at(-1));
    await stream.close();
    return told.at(-1) as Job;
  };
  const csv = (kind: string, rows: string[], query = '') =>
    run(`/imports/csv-${kind}${query}`, Buffer.from(rows.join('\n')), 'text/csv');
  const errorsOf = async (job: Job) =>
    (await ada.call<JobErrorPage>(`GET /jobs/${job.id}/errors`)).body.data.map(({ line, pointer, code }) => [
      line,
      pointer,
      code,
    ]);
  const channelsOf = async (person: Person, workspaceId = w) =>
    (await person.call<Page<ListedChannel>>(`GET /workspaces/${workspaceId}/channels?limit=100`)).body.data;

  it('channels of a CSV file are made row by row; what is wrong is listed, and the rest is there', async () => {
    const rows = [
      'name,kind,topic,description,members',
      `plans,public,What is next,"All, of it",${bob.email}`,
      'no spaces here,public,,,',
      'general,private,,,',
      'lost,public,,,nobody@example.org',
    ];
    const checked = await csv('channels', rows, '?dryRun=true');
    expect(checked).toMatchObject({ dryRun: true, state: 'done', errorCount: 3 });
    expect((await channelsOf(ada)).map(({ channel }) => channel.name)).toEqual(['general']);
    const job = await csv('channels', rows);
    expect(job).toMatchObject({ state: 'done', result: { created: 1 }, progress: { done: 4, total: 4 } });
    expect(await errorsOf(job)).toEqual([
      [3, '/name', 'invalid'],
      [4, '/kind', 'conflict'],
      [5, '/members', 'unknown'],
    ]);
    expect((await channelsOf(bob)).find(({ channel }) => channel.name === 'plans')).toMatchObject({
      channel: { topic: 'What is next', description: 'All, of it' },
      membership: { role: 'member' },
    });
  });

  it('people of a CSV file get an account, a mail to choose a password, and their channels', async () => {
    const rows = [
      'email,name,role,title,channels',
      'carl@example.com,Carl,,Engineer,plans',
      'nobody,Nobody,,,',
    ];
    const job = await csv('users', rows);
    expect(await errorsOf(job)).toEqual([[3, '/email', 'invalid']]);
    expect(job).toMatchObject({ state: 'done', result: { created: 1 }, errorCount: 1 });
    const { body } = await bob.call<Page<Member>>(`GET /workspaces/${w}/members?q=Carl`);
    expect(body.data).toMatchObject([{ role: 'member', user: { name: 'Carl', title: 'Engineer' } }]);
    const token = tokenIn(await parley.mailed('carl@example.com', 'Choose your password'));
    const chosen = { email: 'carl@example.com', password: 'lanterns over quiet water' };
    await parley.call('POST /auth/reset-password', { body: { token, password: chosen.password } });
    const { body: carl } = await parley.call<AuthResult>('POST /auth/login', { body: chosen });
    const { body: state } = await parley.call<Bootstrap>(`GET /workspaces/${w}/bootstrap`, {
      token: carl.accessToken,
    });
    expect(state.channels.map(({ channel }) => channel.name).sort()).toEqual(['general', 'plans']);
    expect(await csv('users', rows)).toMatchObject({ result: { unchanged: 1 } });
    const denied = await bob.upload(
      `/workspaces/${w}/imports/csv-users`,
      Buffer.from(rows.join('\n')),
      'text/csv',
    );
    expect([denied.status, denied.body.code]).toEqual([403, 'permission.denied']);
    expect((await bob.call(`GET /jobs/${job.id}`)).body.code).toBe('job.not_found');
  });

  it('an archive of Slack goes in, out, and in elsewhere, and nothing is lost or there twice', async () => {
    const sample = JSON.stringify(sampleExport('example.org', { days: 2 }));
    const source = JSON.parse(
      sample.replaceAll('ada@example.org', ada.email).replaceAll('bob@example.org', bob.email),
    ) as Files;
    const importInto = async (files: Files, workspaceId: string) =>
      run('/imports/slack', await zipOf(files), 'application/zip', workspaceId);
    const exported = async (workspaceId: string): Promise<Files> => {
      const stream = await ada.listen(workspaceId);
      const { body: job } = await ada.call<Job>(`POST /workspaces/${workspaceId}/exports/slack`);
      expect((await progressOf(stream, job.id)).at(-1)).toMatchObject({ state: 'done' });
      await stream.close();
      const response = await fetch(`${parley.url}/api/v1/jobs/${job.id}/result`, {
        headers: { authorization: `Bearer ${ada.token}` },
      });
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip']);
      return unzip(Buffer.from(await response.arrayBuffer()));
    };
    const fresh = async () => {
      const { body } = await ada.call<MyWorkspace>('POST /workspaces', { name: 'Moved' });
      await parley.admit(ada, body.id, bob);
      return body.id;
    };
    const [first, second] = [await fresh(), await fresh()];
    const bobs = await bob.listen(first);
    expect(await importInto(source, first)).toMatchObject({ state: 'done', errorCount: 0 });
    // Bob, whom the archive knows, hears of the history that is his now, and reads it.
    const heard = await bobs.next(
      ({ event, data }) => event === 'channel.imported' && data.includes('"name":"general"'),
      30_000,
    );
    const { channel } = (JSON.parse(heard.data) as { data: { channel: { id: string } } }).data;
    const history = await bob.history(channel.id);
    expect(history.length).toBeGreaterThan(10);
    expect(history.some(({ senderId }) => senderId === bob.id)).toBe(true);
    expect(history.some(({ reactions = [] }) => reactions.length > 0)).toBe(true);
    expect(history.some(({ thread }) => thread?.replyCount === 2)).toBe(true);
    expect((await channelsOf(bob, first)).map((listed) => listed.channel.name)).not.toContain('secret');

    expect(await importInto(source, first)).toMatchObject({ state: 'done', errorCount: 0 });
    expect(await bob.history(channel.id)).toEqual(history);
    const once = await exported(first);
    expect(said(once)).toEqual(said(source));
    expect(await importInto(once, second)).toMatchObject({ state: 'done', errorCount: 0 });
    expect(said(await exported(second))).toEqual(said(source));
    const denied = await bob.call(`POST /workspaces/${first}/exports/slack`);
    expect(denied.body.code).toBe('permission.denied');
    await bobs.close();
  });

  it('what is no archive is refused with a reason, and changes nothing', async () => {
    const before = await channelsOf(ada);
    const job = await run('/imports/slack', Buffer.from('not a zip'), 'application/zip');
    expect(job).toMatchObject({ state: 'failed', problem: 'import.unreadable' });
    const wrong = await ada.upload(`/workspaces/${w}/imports/slack`, Buffer.from('{}'), 'application/json');
    expect(wrong.status).toBe(415);
    expect(await channelsOf(ada)).toEqual(before);
    expect((await ada.history(general)).length).toBe(0);
  });
});
