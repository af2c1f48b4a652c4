import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { Job, ListedChannel, Message, MessagePage, MyWorkspace } from '#contracts';
import { ended, upload } from './operations.js';
import { RunningChat, type Person } from './running-chat.js';
import { sampleExport, unzip, zipOf, type Files } from './slack-archive.js';

type Json = Record<string, unknown>;

/** What an export says, whatever order it says it in: lists by id, each folder's messages by time. */
const normalised = (files: Files) => {
  const byId = (list: unknown) =>
    [...((list ?? []) as Json[])].sort((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1));
  const folders: Record<string, Json[]> = {};
  for (const [name, content] of Object.entries(files)) {
    const [folder, day] = name.split('/') as [string, string | undefined];
    if (day !== undefined) (folders[folder] ??= []).push(...(content as Json[]));
  }
  for (const messages of Object.values(folders))
    messages.sort((a, b) => (String(a['ts']) < String(b['ts']) ? -1 : 1));
  const lists = ['users', 'channels', 'groups', 'dms', 'mpims'].map((list) => [
    list,
    byId(files[`${list}.json`]),
  ]);
  return { lists: Object.fromEntries(lists) as Record<string, Json[]>, folders };
};
/** Without the owner of our workspaces, where the export does not have her. */
const withoutOurs = ({ lists, folders }: ReturnType<typeof normalised>) => ({
  ...lists,
  users: lists['users']?.filter(({ id }) => String(id).length < 20),
  folders,
});

describe('exporting in the format of Slack', () => {
  let chat: RunningChat;
  let client: Client;
  let ada: Person;
  let bob: Person;
  beforeAll(async () => {
    chat = await RunningChat.start();
    client = new Client({ connectionString: chat.database.url });
    await client.connect();
    [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    await client.query(`UPDATE chat.users SET email_verified_at = now() WHERE email LIKE '%@example.org'`);
  });
  afterAll(async () => {
    await client.end();
    await chat.stop();
  });

  const importInto = async (workspace: MyWorkspace, files: Files) => {
    const { body } = await upload(chat, ada, `/workspaces/${workspace.id}/imports/slack`, await zipOf(files));
    expect(await ended(chat, ada, body.id)).toMatchObject({ state: 'done', errorCount: 0 });
  };
  const start = (workspace: MyWorkspace, person: Person) =>
    chat.call<Job>(`POST /workspaces/${workspace.id}/exports/slack`, { token: person.token });
  const download = (id: string, person: Person) =>
    chat.app.inject({
      url: `/api/v1/jobs/${id}/result`,
      headers: { authorization: `Bearer ${person.token}` },
    });
  const exported = async (workspace: MyWorkspace, person = ada): Promise<Buffer> => {
    const { body } = await start(workspace, person);
    const job = await ended(chat, person, body.id);
    expect(job).toMatchObject({ state: 'done', downloadableUntil: expect.any(String) });
    const reply = await download(body.id, person);
    expect([reply.statusCode, reply.headers['content-type']]).toEqual([200, 'application/zip']);
    expect(reply.rawPayload).toHaveLength(Number(reply.headers['content-length']));
    return reply.rawPayload;
  };
  const mine = (files: Files): Files =>
    JSON.parse(
      JSON.stringify(files).replaceAll('ada@example.org', ada.email).replaceAll('bob@example.org', bob.email),
    ) as Files;
  const channelOf = async (workspace: MyWorkspace, name: string) =>
    (
      await chat.call<{ data: ListedChannel[] }>(`GET /workspaces/${workspace.id}/channels?limit=100`, {
        token: ada.token,
      })
    ).body.data.find(({ channel }) => channel.name === name)?.channel.id as string;

  it('loses nothing: an export that is imported, exported, imported elsewhere and exported again is the same', async () => {
    const source = mine(sampleExport('example.org'));
    const [first, second] = [await chat.workspace(ada), await chat.workspace(ada)];
    await chat.invite(ada, first.id, bob);
    await importInto(first, source);
    const once = await unzip(await exported(first));
    expect(withoutOurs(normalised(once))).toEqual(withoutOurs(normalised(source)));
    await importInto(second, once);
    const twice = await unzip(await exported(second));
    expect(withoutOurs(normalised(twice))).toEqual(withoutOurs(normalised(source)));
  });

  it('makes the same bytes each time', async () => {
    const workspace = await chat.workspace(ada);
    await importInto(workspace, mine(sampleExport('example.org', { days: 1 })));
    expect((await exported(workspace)).equals(await exported(workspace))).toBe(true);
  });

  it('carries what was written, changed and removed here', async () => {
    const workspace = await chat.workspace(ada);
    await chat.invite(ada, workspace.id, bob);
    await importInto(workspace, mine(sampleExport('example.org', { days: 1 })));
    const id = await channelOf(workspace, 'general');
    const { body: page } = await chat.call<MessagePage>(`GET /channels/${id}/messages?limit=200`, {
      token: ada.token,
    });
    const [root] = page.data as [Message];
    const sent = (await chat.send(bob, id, `**hi** <@${ada.id}> in <#${id}> & more`)).body;
    const reply = await chat.call<Message>(`POST /channels/${id}/messages`, {
      body: { clientMessageId: crypto.randomUUID(), text: 'answer', threadId: root.id },
      token: bob.token,
    });
    expect(reply.status).toBe(201);
    const own = page.data.find(
      (message) => message.senderId === ada.id && !message.threadId && message.id !== root.id,
    ) as Message;
    await chat.call(`PATCH /messages/${own.id}`, { body: { text: 'changed _here_' }, token: ada.token });
    const gone = page.data.findLast(
      ({ senderId, deletedAt, threadId }) => senderId !== ada.id && !deletedAt && !threadId,
    ) as Message;
    await chat.call(`DELETE /messages/${gone.id}`, { token: ada.token });

    const files = await unzip(await exported(workspace));
    const messages = Object.entries(files).flatMap(([name, list]) =>
      name.startsWith('general/') ? (list as Json[]) : [],
    );
    expect(messages.find(({ client_msg_id: key }) => key === sent.clientMessageId)).toMatchObject({
      user: 'U0BOB',
      text: '*hi* <@U0ADA> in <#C0GENERAL|general> &amp; more',
    });
    const answered = messages.find(({ reply_count: count }) => count === 3) as Json;
    expect(messages.find(({ text }) => text === 'answer')).toMatchObject({
      thread_ts: answered['ts'],
      user: 'U0BOB',
    });
    expect(messages.find(({ text }) => text === 'changed _here_')).toMatchObject({
      edited: { user: 'U0ADA' },
    });
    // Twelve came with the import, two were written here, one of the twelve is deleted.
    expect(messages).toHaveLength(13);
    const kept = await client.query(`SELECT raw FROM chat.imported_messages WHERE message_id = $1`, [
      gone.id,
    ]);
    expect(kept.rows).toEqual([{ raw: null }]);
  });

  it('tells admins what everyone may see, and owners everything', async () => {
    const workspace = await chat.workspace(ada);
    await chat.invite(ada, workspace.id, bob);
    await importInto(workspace, mine(sampleExport('example.org', { days: 1 })));
    expect((await start(workspace, bob)).body.code).toBe('permission.denied');
    await client.query(
      `UPDATE chat.workspace_members SET role = 'admin' WHERE workspace_id = $1 AND user_id = $2`,
      [workspace.id, bob.id],
    );
    const names = Object.keys(await unzip(await exported(workspace, bob)));
    expect(names).toContain('channels.json');
    expect(names.filter((name) => /secret|^D0|mpdm|groups|dms|mpims/.test(name))).toEqual([]);
    expect(Object.keys(await unzip(await exported(workspace, ada)))).toEqual(
      expect.arrayContaining([
        'groups.json',
        'dms.json',
        'mpims.json',
        'secret/2016-03-10.json',
        'D0DIRECT/2016-03-10.json',
      ]),
    );
  });

  it('gives the file to whoever started it, while they may export, for a day', async () => {
    const workspace = await chat.workspace(ada);
    await chat.invite(ada, workspace.id, bob);
    await client.query(
      `UPDATE chat.workspace_members SET role = 'owner' WHERE workspace_id = $1 AND user_id = $2`,
      [workspace.id, bob.id],
    );
    const { body } = await start(workspace, bob);
    await ended(chat, bob, body.id);
    const code = async (person: Person) => {
      const reply = await download(body.id, person);
      return reply.statusCode === 200 ? 'ok' : reply.json<{ code: string }>().code;
    };
    expect([await code(bob), await code(ada)]).toEqual(['ok', 'job.not_found']);
    await client.query(
      `UPDATE chat.workspace_members SET role = 'admin' WHERE workspace_id = $1 AND user_id = $2`,
      [workspace.id, bob.id],
    );
    expect(await code(bob)).toBe('permission.denied');
    await client.query(
      `UPDATE chat.workspace_members SET role = 'owner' WHERE workspace_id = $1 AND user_id = $2`,
      [workspace.id, bob.id],
    );
    await client.query(
      `UPDATE chat.operations SET downloadable_until = now() - interval '1 second' WHERE id = $1`,
      [body.id],
    );
    expect(await code(bob)).toBe('job_result.not_found');
  });
});
