import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Message, Page, ScheduledMessage } from '#contracts';
import { Database } from '#db';
import { eventually } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

const soon = (ms = 1000) => new Date(Date.now() + ms).toISOString();
const tomorrow = () => soon(24 * 3600 * 1000);

describe('scheduled messages', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let workspaceId: string;
  let channelId: string;
  beforeAll(async () => {
    chat = await RunningChat.start();
    [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    workspaceId = (await chat.workspace(ada)).id;
    await chat.invite(ada, workspaceId, bob);
  });
  beforeEach(async () => {
    channelId = await chat.channel(ada, workspaceId);
    await chat.call(`POST /channels/${channelId}/join`, { token: bob.token });
  });
  afterAll(() => chat.stop());

  const at = (path = '') => `/workspaces/${workspaceId}/scheduled-messages${path}`;
  const schedule = (body: object = {}, by = ada) =>
    chat.call<ScheduledMessage>(`POST ${at()}`, {
      body: { channelId, text: 'later', sendAt: tomorrow(), ...body },
      token: by.token,
    });
  const change = (id: string, body: object, by = ada, headers = {}) =>
    chat.call<ScheduledMessage>(`PATCH ${at(`/${id}`)}`, { body, token: by.token, headers });
  const get = (id: string, by = ada) =>
    chat.call<ScheduledMessage>(`GET ${at(`/${id}`)}`, { token: by.token });
  const cancel = (id: string, by = ada) => chat.call(`DELETE ${at(`/${id}`)}`, { token: by.token });
  const sendNow = (id: string, by = ada) =>
    chat.call<Message>(`POST ${at(`/${id}/send-now`)}`, { token: by.token });
  const sent = async () =>
    (
      await chat.call<Page<Message>>(`GET /channels/${channelId}/messages`, { token: ada.token })
    ).body.data.map(({ text }) => text);
  const allSent = (texts: string[]) => eventually(async () => expect(await sent()).toEqual(texts));
  /** What the author's devices learn, in short. */
  const told = async (id: string) =>
    (await chat.events(workspaceId)).flatMap((event): object[] => {
      if (event.type === 'scheduled_message.updated' && event.data.scheduledMessage.id === id)
        return [{ state: event.data.scheduledMessage.state, version: event.data.scheduledMessage.version }];
      if (event.type === 'scheduled_message.removed' && event.data.scheduledMessageId === id)
        return [{ removed: event.data.messageId }];
      return [];
    });

  it('are sent at their time, once, and are gone', async () => {
    const { status, body } = await schedule({ text: 'good morning', sendAt: soon() });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      state: 'scheduled',
      failure: null,
      sentCount: 0,
      version: 1,
      recurrence: null,
    });
    await allSent(['good morning']);
    await eventually(async () => expect((await get(body.id)).body.code).toBe('scheduled_message.not_found'));
    const [message] = (
      await chat.call<Page<Message>>(`GET /channels/${channelId}/messages`, { token: ada.token })
    ).body.data;
    expect(message?.senderId).toBe(ada.id);
    expect(Date.parse(message?.createdAt as string)).toBeGreaterThanOrEqual(Date.parse(body.sendAt));
    await eventually(async () =>
      expect(await told(body.id)).toEqual([
        { state: 'scheduled', version: 1 },
        { state: 'sending', version: 2 },
        { removed: message?.id },
      ]),
    );
  });

  it('wait for their next time when they recur, and are over after the last', async () => {
    const recurrence = { freq: 'daily', count: 2, timeZone: 'Europe/Berlin' };
    const sendAt = soon();
    const { body } = await schedule({ text: 'standup', sendAt, recurrence });
    await allSent(['standup']);
    const next = await eventually(async () => {
      const { body: waiting } = await get(body.id);
      expect(waiting.state).toBe('scheduled');
      expect(waiting.sentCount).toBe(1);
      return waiting;
    });
    const hours = (Date.parse(next.sendAt) - Date.parse(sendAt)) / 3600_000;
    expect([23, 24, 25]).toContain(hours);
    expect((await sendNow(body.id)).status).toBe(200);
    expect(await sent()).toEqual(['standup', 'standup']);
    expect((await get(body.id)).body.code).toBe('scheduled_message.not_found');
  });

  it('can be sent now instead', async () => {
    const { body } = await schedule({ text: 'after all' });
    const now = await sendNow(body.id);
    expect(now.body).toMatchObject({ text: 'after all', senderId: ada.id, channelId });
    expect(await sent()).toEqual(['after all']);
    expect((await sendNow(body.id)).body.code).toBe('scheduled_message.not_found');
  });

  it('are sent once though they are sent now from many devices', async () => {
    const { body } = await schedule({ text: 'once', sendAt: soon() });
    const replies = await Promise.all(Array.from({ length: 6 }, () => sendNow(body.id)));
    // The worker may have been there before all of them.
    const answers = replies.map(({ status, body: reply }) => (status === 200 ? reply.text : reply.code));
    for (const answer of answers)
      expect(['once', 'scheduled_message.sending', 'scheduled_message.not_found']).toContain(answer);
    await eventually(async () => expect((await get(body.id)).status).toBe(404));
    expect(await sent()).toEqual(['once']);
  });

  it('reply in threads', async () => {
    const root = (await chat.send(ada, channelId, 'a question')).body.id;
    const { body } = await schedule({
      text: 'an answer',
      threadId: root,
      alsoInChannel: true,
      sendAt: soon(),
    });
    expect(body).toMatchObject({ threadId: root, alsoInChannel: true });
    await eventually(async () => {
      const { body: page } = await chat.call<Page<Message>>(`GET /channels/${channelId}/messages`, {
        token: ada.token,
      });
      expect(page.data.at(-1)).toMatchObject({ text: 'an answer', threadId: root, inChannel: true });
    });
  });

  it('can be changed until they are sent', async () => {
    const { body } = await schedule({ text: 'first words', sendAt: soon(3000) });
    const later = tomorrow();
    const moved = await change(body.id, { sendAt: later, text: 'other words' });
    expect(moved.body).toMatchObject({ sendAt: later, text: 'other words', version: 2 });
    await change(body.id, { sendAt: soon() });
    await allSent(['other words']);
    expect((await change(body.id, { text: 'too late' })).status).toBe(404);
  });

  it('do not change when nothing is different', async () => {
    const { body } = await schedule();
    expect((await change(body.id, { text: 'later' })).body).toEqual(body);
    expect((await change(body.id, {})).body).toEqual(body);
  });

  it('are left alone by a device that knows an older one and says so', async () => {
    const { body } = await schedule();
    expect((await change(body.id, { text: 'b' }, ada, { 'if-match': '"1"' })).body.version).toBe(2);
    const late = await change(body.id, { text: 'c' }, ada, { 'if-match': '"1"' });
    expect([late.status, late.body.code]).toEqual([412, 'precondition.failed']);
  });

  it('are not sent when they were cancelled', async () => {
    const { body } = await schedule({ sendAt: soon(3000) });
    expect((await cancel(body.id)).status).toBe(204);
    expect((await cancel(body.id)).body.code).toBe('scheduled_message.not_found');
    const after = await schedule({
      text: 'the one after',
      sendAt: new Date(Date.parse(body.sendAt) + 300).toISOString(),
    });
    await allSent(['the one after']);
    await chat.published();
    expect(await told(body.id)).toEqual([{ state: 'scheduled', version: 1 }, { removed: null }]);
    expect(after.status).toBe(201);
  });

  it.each([
    [
      'left the channel',
      'channel.not_member',
      () => chat.call(`DELETE /channels/${channelId}/members/${bob.id}`, { token: bob.token }),
    ],
    [
      'archived the channel',
      'channel.archived',
      () =>
        chat.app
          .get(Database)
          .execute('UPDATE chat.channels SET archived_at = now() WHERE id = $1', [channelId]),
    ],
    [
      'made the channel one for announcements',
      'channel.read_only',
      () =>
        chat.app
          .get(Database)
          .execute(`UPDATE chat.channels SET posting = 'admins' WHERE id = $1`, [channelId]),
    ],
  ])('fail when somebody %s meanwhile, and wait for their author', async (_name, code, meanwhile) => {
    const { body } = await schedule({ sendAt: soon(2000) }, bob);
    await meanwhile();
    await eventually(async () =>
      expect((await get(body.id, bob)).body).toMatchObject({ state: 'failed', failure: code }),
    );
    expect(await sent()).toEqual([]);
    await eventually(async () =>
      expect(await told(body.id)).toEqual([
        { state: 'scheduled', version: 1 },
        { state: 'sending', version: 2 },
        { state: 'failed', version: 3 },
      ]),
    );
    expect((await sendNow(body.id, bob)).body.code).toBe(code);
    expect((await change(body.id, { sendAt: tomorrow() }, bob)).body).toMatchObject({
      state: 'scheduled',
      failure: null,
    });
  });

  it('are sent when the channel is no more slow', async () => {
    await chat.app
      .get(Database)
      .execute('UPDATE chat.channels SET slow_mode_seconds = 2 WHERE id = $1', [channelId]);
    await chat.send(bob, channelId, 'first');
    await schedule({ text: 'second', sendAt: soon() }, bob);
    await allSent(['first', 'second']);
  });

  it('belong to their author: nobody else finds them', async () => {
    const { body } = await schedule();
    const stranger = await chat.person('Mallory');
    for (const [by, code] of [
      [bob, 'scheduled_message.not_found'],
      [stranger, 'workspace.not_found'],
    ] as const) {
      expect((await get(body.id, by)).body.code).toBe(code);
      expect((await change(body.id, { text: 'mine' }, by)).body.code).toBe(code);
      expect((await cancel(body.id, by)).body.code).toBe(code);
      expect((await sendNow(body.id, by)).body.code).toBe(code);
    }
    const elsewhere = (await chat.workspace(ada)).id;
    const wrong = await chat.call(`GET /workspaces/${elsewhere}/scheduled-messages/${body.id}`, {
      token: ada.token,
    });
    expect(wrong.body.code).toBe('scheduled_message.not_found');
    const theirs = await chat.call<Page<ScheduledMessage>>(`GET ${at()}`, { token: bob.token });
    expect(theirs.body.data.map(({ id }) => id)).not.toContain(body.id);
  });

  it('are for channels one is in', async () => {
    const hidden = await chat.channel(ada, workspaceId, 'private');
    const open = await chat.channel(ada, workspaceId);
    expect((await schedule({ channelId: hidden }, bob)).body.code).toBe('channel.not_found');
    expect((await schedule({ channelId: open }, bob)).body.code).toBe('channel.not_member');
    const elsewhere = await chat.channel(ada, (await chat.workspace(ada)).id);
    expect((await schedule({ channelId: elsewhere })).body.code).toBe('channel.not_found');
    const thread = await schedule({ threadId: '019bc0a1-7c00-7a10-8000-00000000d0ff' });
    expect(thread.body.code).toBe('thread.not_found');
    expect(thread.body.errors?.[0]?.pointer).toBe('/threadId');
  });

  const weekly = { freq: 'weekly', timeZone: 'UTC' };
  it.each([
    ['the past', { sendAt: '2026-01-01T00:00:00Z' }, '/sendAt'],
    ['more than a year away', { sendAt: soon(400 * 24 * 3600 * 1000) }, '/sendAt'],
    ['no text', { text: '' }, '/text'],
    ['no time zone', { recurrence: { freq: 'daily', timeZone: 'Mars/Olympus' } }, '/recurrence/timeZone'],
    ['an offset', { recurrence: { freq: 'daily', timeZone: '+02:00' } }, '/recurrence/timeZone'],
    ['no interval', { recurrence: { ...weekly, interval: 0 } }, '/recurrence/interval'],
    ['a day twice', { recurrence: { ...weekly, weekdays: ['mo', 'mo'] } }, '/recurrence/weekdays'],
    [
      'days of a month',
      { recurrence: { ...weekly, freq: 'monthly', weekdays: ['mo'] } },
      '/recurrence/weekdays',
    ],
    ['two ends', { recurrence: { ...weekly, count: 2, until: soon(1e10) } }, '/recurrence/count'],
    ['an end before its time', { recurrence: { ...weekly, until: soon(0) } }, '/sendAt'],
    ['also in the channel, but no thread', { alsoInChannel: true }, '/alsoInChannel'],
    ['what there is not', { text: 'x', mood: 'good' }, ''],
  ])('are refused with %s', async (_name, body, pointer) => {
    const reply = await schedule(body);
    expect(reply.status).toBe(400);
    expect(reply.body.errors?.[0]?.pointer.startsWith(pointer)).toBe(true);
  });

  it('begin on one of their weekdays', async () => {
    const days = ['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa'];
    const sendAt = tomorrow();
    const day = days[new Date(sendAt).getUTCDay()];
    const others = days.filter((one) => one !== day);
    const refused = await schedule({ sendAt, recurrence: { ...weekly, weekdays: others } });
    expect([refused.status, refused.body.errors?.[0]?.pointer]).toEqual([400, '/sendAt']);
    expect((await schedule({ sendAt, recurrence: { ...weekly, weekdays: [day] } })).status).toBe(201);
  });

  it('are listed by pages, the next one first, up to five hundred', async () => {
    const carol = await chat.person('Carol');
    await chat.invite(ada, workspaceId, carol);
    await chat.call(`POST /channels/${channelId}/join`, { token: carol.token });
    await chat.app.get(Database).execute(
      `INSERT INTO chat.scheduled_messages (id, user_id, workspace_id, channel_id, also_in_channel, text, send_at,
         first_at, occurrence, sent_count, state, version, created_at)
       SELECT gen_random_uuid(), $1, $2, $3, false, 'x', d, d, 0, 0, 'scheduled', 1, now()
       FROM (SELECT now() + make_interval(hours => 1 + n / 3) AS d FROM generate_series(1, 500) n) days`,
      [carol.id, workspaceId, channelId],
    );
    expect((await schedule({}, carol)).body.code).toBe('scheduled_message.too_many');
    const seen: ScheduledMessage[] = [];
    let cursor: string | null = null;
    do {
      const path: string = `GET ${at()}?limit=200${cursor ? `&cursor=${cursor}` : ''}`;
      const page: Page<ScheduledMessage> = (
        await chat.call<Page<ScheduledMessage>>(path, { token: carol.token })
      ).body;
      seen.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor);
    const keys = seen.map(({ sendAt, id }) => sendAt + id);
    expect(keys).toEqual([...new Set(keys)].sort());
    expect(keys).toHaveLength(500);
    const wrong = await chat.call(`GET ${at()}?cursor=x`, { token: carol.token });
    expect(wrong.body.errors?.[0]?.pointer).toBe('/query/cursor');
  });
});
