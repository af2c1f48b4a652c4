import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { Bootstrap, Job, Message, MessagePage, MyWorkspace, SearchResult } from '#contracts';
import { ended, errorsOf, upload } from './operations.js';
import { RunningChat, type Person } from './running-chat.js';
import { messagesOf, sampleExport, zipOf, type Files } from './slack-archive.js';

describe('importing an export of Slack', () => {
  let chat: RunningChat;
  let client: Client;
  let ada: Person;
  let bob: Person;
  let workspace: MyWorkspace;
  let domain: string;
  beforeAll(async () => {
    chat = await RunningChat.start();
    client = new Client({ connectionString: chat.database.url });
    await client.connect();
    domain = 'example.org';
    [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    await client.query(`UPDATE chat.users SET email_verified_at = now() WHERE email LIKE '%@example.org'`);
    workspace = await chat.workspace(ada);
    await chat.invite(ada, workspace.id, bob);
  });
  afterAll(async () => {
    await client.end();
    await chat.stop();
  });

  const withEmails = (files: Files): Files =>
    JSON.parse(
      JSON.stringify(files).replaceAll(`ada@${domain}`, ada.email).replaceAll(`bob@${domain}`, bob.email),
    ) as Files;
  const run = async (files: Files, to = workspace, query = ''): Promise<Job> => {
    const { status, body } = await upload(
      chat,
      ada,
      `/workspaces/${to.id}/imports/slack${query}`,
      await zipOf(files),
    );
    expect(status).toBe(202);
    return ended(chat, ada, body.id);
  };
  const channels = async (person: Person, of = workspace) =>
    (
      await chat.call<Bootstrap>(`GET /workspaces/${of.id}/bootstrap`, { token: person.token })
    ).body.channels.map(({ channel, ...membership }) => ({ channel, membership }));
  const named = async (person: Person, name: string | null, of = workspace) =>
    (await channels(person, of)).find(({ channel }) => channel.name === name) as Awaited<
      ReturnType<typeof channels>
    >[number];
  const history = async (person: Person, id: string) =>
    (await chat.call<MessagePage>(`GET /channels/${id}/messages?limit=200`, { token: person.token })).body
      .data;

  it('brings people, channels, threads, reactions and pins, each message at its time', async () => {
    const files = withEmails(sampleExport(domain));
    const job = await run(files);
    expect(job).toMatchObject({ state: 'done', problem: null, errorCount: 0 });
    expect(job.progress).toMatchObject({ done: 18, total: 18, unit: 'files' });
    expect(job.result).toMatchObject({ messages: messagesOf(files).length, matchedPeople: 2, unchanged: 0 });

    const { channel, membership } = await named(ada, 'general');
    expect(channel.lastSeq).toBe(36);
    expect(membership).toMatchObject({
      lastReadSeq: 36,
      lastReadOrdinal: channel.lastOrdinal,
      mentionSeqs: [],
    });
    const messages = await history(bob, channel.id);
    const [root] = messages as [Message];
    expect(root.createdAt).toBe('2016-03-10T08:00:00.000Z');
    expect(root.thread).toMatchObject({ replyCount: 2 });
    const times = messages.map(({ createdAt }) => createdAt);
    expect(times).toEqual([...times].sort());
    const reacted = messages.find(({ reactions }) => reactions);
    expect(reacted?.reactions?.map(({ emoji }) => emoji)).toEqual(['👍', '👍🏼', ':party_parrot:']);
    expect(messages.filter(({ pinned }) => pinned?.userId === bob.id)).toHaveLength(3);
    expect(messages.filter(({ editedAt }) => editedAt)).toHaveLength(3);
    expect(messages.some(({ text }) => text.includes('📎 plan  v2 .pdf'))).toBe(true);
    expect(messages.some(({ text }) => text.includes(`<@${bob.id}>`))).toBe(true);
    expect(messages.filter(({ deletedAt }) => deletedAt)).toHaveLength(3);
    expect(messages.some(({ text }) => text === 'Deployed')).toBe(true);
  });

  it('shows private history to its members only', async () => {
    expect(await named(ada, 'secret')).toMatchObject({
      channel: { kind: 'private' },
      membership: { lastReadSeq: 36 },
    });
    expect(await named(bob, 'secret')).toBeUndefined();
    const direct = (await channels(bob)).filter(({ channel }) => channel.kind === 'direct');
    expect(direct.map(({ channel }) => channel.directUserIds?.length).sort()).toEqual([2, 3]);
    expect(await named(ada, 'old-stuff')).toMatchObject({ channel: { archivedAt: expect.any(String) } });
  });

  it('makes placeholders for those who are no members, whom nobody can log in as', async () => {
    const { rows } = await client.query<{ name: string; password_hash: null; member: boolean }>(
      `SELECT u.name, u.password_hash, EXISTS (SELECT 1 FROM chat.workspace_members w WHERE w.user_id = u.id) AS member
       FROM chat.imported_users i JOIN chat.users u ON u.id = i.user_id
       WHERE i.workspace_id = $1 AND i.placeholder ORDER BY u.name`,
      [workspace.id],
    );
    expect(rows.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['carol', 'gone', 'Odd Name', 'robot', 'U0STRANGER', 'deploy', 'Slackbot']),
    );
    expect(rows.every((row) => row.password_hash === null && !row.member)).toBe(true);
  });

  it('tells each channel once, and whoever imports how it goes', async () => {
    const events = await chat.allEvents(workspace.id);
    const imported = events.filter(({ type }) => type === 'channel.imported');
    expect(imported).toHaveLength(6);
    expect(events.filter(({ type }) => type === 'message.created')).toEqual([]);
    const created = events.filter(({ type }) => type === 'channel.created');
    expect(
      created.some(({ data }) => (data as { channel: { name: string } }).channel.name === 'secret'),
    ).toBe(true);
    const progress = events.flatMap((event) => (event.type === 'job.progress' ? [event.data.job] : []));
    const versions = progress.map(({ version }) => version);
    expect(new Set(versions).size).toBe(versions.length);
    const last = progress.find(({ version }) => version === Math.max(...versions));
    expect(last).toMatchObject({ state: 'done', progress: { done: 18 } });
  });

  it('is found by searching', async () => {
    const { body } = await chat.call<SearchResult>(`GET /workspaces/${workspace.id}/search?q=deployed`, {
      token: bob.token,
    });
    expect(body.data.length).toBeGreaterThan(0);
  });

  it('adds nothing the second time, and of a newer export only what is new', async () => {
    const count = async () =>
      (
        await client.query(`SELECT count(*)::int AS n FROM chat.messages WHERE workspace_id = $1`, [
          workspace.id,
        ])
      ).rows[0] as { n: number };
    const before = await count();
    const again = await run(withEmails(sampleExport(domain)));
    expect(again.result).toMatchObject({ messages: 0, unchanged: before.n, placeholders: 0, channels: 0 });
    expect(await count()).toEqual(before);

    const newer = withEmails(sampleExport(domain));
    const [day] = Object.keys(newer).filter((name) => name.startsWith('general/'));
    const root = (newer[day as string] as { ts: string }[])[0]?.ts;
    newer['general/2016-03-20.json'] = [
      { type: 'message', user: 'U0ADA', text: 'late', ts: '1458460800.000100' },
      { type: 'message', user: 'U0BOB', text: 'later', ts: '1458460801.000100', thread_ts: root },
    ];
    expect((await run(newer)).result).toMatchObject({ messages: 2 });
    const { channel, membership } = await named(ada, 'general');
    expect([channel.lastSeq, membership?.lastReadSeq]).toEqual([38, 38]);
    expect((await history(ada, channel.id)).find(({ thread }) => thread?.replyCount === 3)).toBeDefined();
  });

  it('goes on after what people have sent since', async () => {
    const { channel } = await named(ada, 'general');
    expect((await chat.send(bob, channel.id, 'hello')).body).toMatchObject({ seq: 39 });
  });

  it('leaves out what it can not read, and says where', async () => {
    const other = await chat.workspace(ada);
    const many = Array.from({ length: 10_000 }, () => '<@U1>').join(' ');
    const files = {
      'users.json': [{ id: 'U1', name: 'one' }, { name: 'nobody' }],
      'channels.json': [{ id: 'C1', name: 'one', members: ['U1'] }],
      'lost/2020-01-01.json': [],
      'one/2020-01-01.json': [
        { type: 'message', user: 'U1', text: many, ts: '1577836800.000100' },
        { type: 'message', user: 'U1', text: 'a', ts: '99999999999999.000100' },
        { type: 'message', user: 'U1', text: 'a', ts: '1577836801.000100' },
        { type: 'message', user: 'U1', text: 'a', ts: '1577836801.000100' },
        { type: 'message', user: 'U1', text: 'b', ts: '1577836801.000100' },
        'nonsense',
        { type: 'message', user: 'U1', text: 'x'.repeat(200_000), ts: '1577836802.000100' },
      ],
      'one/2020-01-02.json': { not: 'a list' },
    };
    const job = await run(files, other);
    expect(job).toMatchObject({ state: 'done', result: { messages: 3 }, errorCount: 8 });
    const errors = (await errorsOf(chat, ada, job.id)).map(({ file, line, pointer, code }) => [
      file,
      line,
      pointer,
      code,
    ]);
    expect(errors).toEqual(
      expect.arrayContaining([
        ['users.json', 2, '/id', 'malformed'],
        ['lost/', null, '', 'unknown'],
        ['one/2020-01-01.json', 1, '/text', 'shortened'],
        ['one/2020-01-01.json', 2, '/ts', 'malformed'],
        ['one/2020-01-01.json', 5, '/ts', 'duplicate'],
        ['one/2020-01-01.json', 6, '/', 'malformed'],
        ['one/2020-01-01.json', 7, '/text', 'shortened'],
        ['one/2020-01-02.json', null, '', 'malformed'],
      ]),
    );
  });

  it.each<[string, () => Promise<Buffer>]>([
    ['bytes that are no archive', async () => Buffer.from('PK\x03\x04 but not really')],
    ['an archive without users.json', () => zipOf({ 'channels.json': [] })],
    ['an archive without channels', () => zipOf({ 'users.json': [] })],
    ['a list that is none', () => zipOf({ 'users.json': {}, 'channels.json': [] })],
    ['a truncated archive', async () => (await zipOf(sampleExport(domain))).subarray(0, -100)],
    ['a bomb', () => zipOf({ 'users.json': Buffer.alloc(32 * 1024 * 1024, 0x20), 'channels.json': [] })],
  ])('fails on %s', async (_, bytes) => {
    const { body } = await upload(chat, ada, `/workspaces/${workspace.id}/imports/slack`, await bytes());
    expect(await ended(chat, ada, body.id)).toMatchObject({ state: 'failed', problem: 'import.unreadable' });
  });

  it('only checks on a dry run', async () => {
    const other = await chat.workspace(ada);
    const files = withEmails(sampleExport(domain));
    const job = await run(files, other, '?dryRun=true');
    expect(job).toMatchObject({
      state: 'done',
      dryRun: true,
      result: { messages: messagesOf(files).length },
    });
    expect((await channels(ada, other)).map(({ channel }) => [channel.name, channel.lastSeq])).toEqual([
      ['general', 0],
    ]);
  });

  it('never joins private history to a public channel of the same name', async () => {
    const other = await chat.workspace(ada);
    await run(
      {
        'users.json': [],
        'groups.json': [{ id: 'G1', name: 'general', members: [] }],
        'general/2020-01-01.json': [{ type: 'message', user: 'U1', text: 'secret', ts: '1577836801.000100' }],
      },
      other,
    );
    expect((await named(ada, 'general', other)).channel.lastSeq).toBe(0);
  });

  it('is for admins and owners, one at a time', async () => {
    const path = `/workspaces/${workspace.id}/imports/slack`;
    const zip = await zipOf(sampleExport(domain));
    expect((await upload(chat, bob, path, zip)).body.code).toBe('permission.denied');
    const eve = await chat.person('Eve');
    expect((await upload(chat, eve, path, zip)).body.code).toBe('workspace.not_found');
    expect((await upload(chat, ada, path, zip, 'text/plain')).body.code).toBe(
      'request.unsupported_media_type',
    );
    const [first, second] = await Promise.all([upload(chat, ada, path, zip), upload(chat, ada, path, zip)]);
    const codes = [first, second].map(({ status, body }) => body.code ?? status).sort();
    expect(codes).toEqual([202, 'job.already_running']);
    const started = [first, second].find(({ status }) => status === 202) as typeof first;
    expect((await chat.call(`GET /jobs/${started.body.id}`, { token: bob.token })).body.code).toBe(
      'job.not_found',
    );
    expect((await chat.call(`POST /jobs/${started.body.id}/cancel`, { token: bob.token })).body.code).toBe(
      'job.not_found',
    );
    const cancelled = await chat.call<Job>(`POST /jobs/${started.body.id}/cancel`, { token: ada.token });
    expect(cancelled.body).toMatchObject({ state: 'cancelled' });
    expect((await chat.call(`POST /jobs/${started.body.id}/cancel`, { token: ada.token })).body.code).toBe(
      'job.finished',
    );
  });
});
