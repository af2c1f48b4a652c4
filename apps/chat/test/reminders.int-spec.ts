import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page, Reminder } from '#contracts';
import { Database } from '#db';
import { eventually } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

const soon = (ms = 1000) => new Date(Date.now() + ms).toISOString();
const tomorrow = () => soon(24 * 3600 * 1000);
/** A time at which the other one was to be due already. */
const after = ({ remindAt }: Reminder) => new Date(Date.parse(remindAt) + 300).toISOString();

describe('reminders', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let workspaceId: string;
  beforeAll(async () => {
    chat = await RunningChat.start();
    // Another process that works: what is due is due once.
    await chat.second();
    [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    workspaceId = (await chat.workspace(ada)).id;
    await chat.invite(ada, workspaceId, bob);
  });
  afterAll(() => chat.stop());

  const at = (path = '') => `/workspaces/${workspaceId}/reminders${path}`;
  const create = (body: object = {}, by = ada) =>
    chat.call<Reminder>(`POST ${at()}`, {
      body: { text: 'water the plants', remindAt: tomorrow(), ...body },
      token: by.token,
    });
  const change = (id: string, body: object, by = ada, headers = {}) =>
    chat.call<Reminder>(`PATCH ${at(`/${id}`)}`, { body, token: by.token, headers });
  const snooze = (id: string, until: string, by = ada) =>
    chat.call<Reminder>(`POST ${at(`/${id}/snooze`)}`, { body: { until }, token: by.token });
  const complete = (id: string, by = ada) =>
    chat.call<Reminder>(`POST ${at(`/${id}/complete`)}`, { token: by.token });
  const drop = (id: string, by = ada) => chat.call(`DELETE ${at(`/${id}`)}`, { token: by.token });
  const list = async (query = '', by = ada) =>
    (await chat.call<Page<Reminder>>(`GET ${at()}${query}`, { token: by.token })).body.data;
  const find = async (id: string, query = '?limit=200') => (await list(query)).find((one) => one.id === id);
  const isDue = (id: string) =>
    eventually(async () => {
      const reminder = await find(id);
      expect(reminder?.state).toBe('due');
      return reminder as Reminder;
    });
  const told = async (id: string) =>
    (await chat.events(workspaceId)).flatMap((event): unknown[] => {
      if (event.type === 'reminder.updated' && event.data.reminder.id === id) return [event.data.reminder];
      if (event.type === 'reminder.deleted' && event.data.reminderId === id) return ['deleted'];
      return [];
    });

  it('are due at their time, once, and all devices are told', async () => {
    const { status, body } = await create({ remindAt: soon() });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      workspaceId,
      text: 'water the plants',
      messageId: null,
      state: 'waiting',
      nextAt: null,
      version: 1,
    });
    const due = await isDue(body.id);
    expect(due).toEqual({ ...body, state: 'due', version: 2 });
    await eventually(async () => expect(await told(body.id)).toEqual([body, due]));
  });

  it('are about messages that one may read', async () => {
    const channelId = await chat.channel(ada, workspaceId, 'private');
    const messageId = (await chat.send(ada, channelId, 'remember this')).body.id;
    const { body } = await create({ messageId, text: undefined });
    expect(body).toMatchObject({ messageId, channelId, text: null });
    const hidden = await create({ messageId }, bob);
    expect([hidden.status, hidden.body.code]).toEqual([404, 'message.not_found']);
    const elsewhere = (await chat.workspace(ada)).id;
    const wrong = await chat.call(`POST /workspaces/${elsewhere}/reminders`, {
      body: { messageId, remindAt: tomorrow() },
      token: ada.token,
    });
    expect(wrong.body.code).toBe('message.not_found');
    await chat.call(`DELETE /messages/${messageId}`, { token: ada.token });
    expect((await create({ messageId })).body.code).toBe('message.not_found');
  });

  it('can be snoozed, and come again', async () => {
    const { body } = await create({ remindAt: soon() });
    await isDue(body.id);
    const until = soon();
    expect((await snooze(body.id, until)).body).toMatchObject({
      state: 'waiting',
      remindAt: until,
      version: 3,
    });
    expect(await isDue(body.id)).toMatchObject({ remindAt: until, version: 4 });
  });

  it('are completed for good, once, when they do not recur', async () => {
    const { body } = await create();
    const done = await complete(body.id);
    expect(done.body).toMatchObject({ state: 'completed', version: 2 });
    expect(done.body.completedAt).not.toBeNull();
    expect((await complete(body.id)).body).toEqual(done.body);
    expect(await find(body.id)).toBeUndefined();
    expect(await find(body.id, '?state=completed')).toEqual(done.body);
    expect((await snooze(body.id, tomorrow())).body).toMatchObject({ state: 'waiting', completedAt: null });
  });

  it('wait for their next time when they recur', async () => {
    const recurrence = { freq: 'weekly', timeZone: 'Europe/Berlin' };
    const { body } = await create({ remindAt: soon(), recurrence });
    const due = await isDue(body.id);
    expect(Date.parse(due.nextAt as string)).toBeGreaterThan(Date.now() + 6 * 24 * 3600 * 1000);
    expect((await complete(body.id)).body).toMatchObject({
      state: 'waiting',
      remindAt: due.nextAt,
      nextAt: null,
    });
  });

  it('can be changed, and then come at the new time', async () => {
    const { body } = await create({ remindAt: soon(3000) });
    expect((await change(body.id, { text: 'other words' })).body).toMatchObject({
      text: 'other words',
      version: 2,
    });
    expect((await change(body.id, { text: 'other words' })).body.version).toBe(2);
    const later = tomorrow();
    expect((await change(body.id, { remindAt: later })).body).toMatchObject({ remindAt: later, version: 3 });
    await isDue((await create({ remindAt: after(body) })).body.id);
    expect((await find(body.id))?.state).toBe('waiting');
    const late = await change(body.id, { text: 'x' }, ada, { 'if-match': '"1"' });
    expect([late.status, late.body.code]).toEqual([412, 'precondition.failed']);
  });

  it('are not due any more when they were deleted', async () => {
    const { body } = await create({ remindAt: soon(3000) });
    expect((await drop(body.id)).status).toBe(204);
    expect((await drop(body.id)).body.code).toBe('reminder.not_found');
    await isDue((await create({ remindAt: after(body) })).body.id);
    await chat.published();
    expect(await told(body.id)).toEqual([body, 'deleted']);
  });

  it('end in one state when two devices act at once', async () => {
    const { body } = await create();
    const replies = await Promise.all([
      ...Array.from({ length: 4 }, () => complete(body.id)),
      ...Array.from({ length: 4 }, (_, index) => snooze(body.id, soon((index + 2) * 3600 * 1000))),
    ]);
    expect(replies.every(({ status }) => status === 200)).toBe(true);
    // Told in any order: the newest version is the state.
    await eventually(async () => {
      const states = ((await told(body.id)) as Reminder[]).sort((a, b) => a.version - b.version);
      expect(states.map(({ version }) => version)).toEqual(states.map((_, index) => index + 1));
      const state = (await find(body.id)) ?? (await find(body.id, '?state=completed'));
      expect(states.at(-1)).toEqual(state);
    });
  });

  it('belong to one person: nobody else finds them', async () => {
    const { body } = await create();
    const stranger = await chat.person('Mallory');
    for (const [by, code] of [
      [bob, 'reminder.not_found'],
      [stranger, 'workspace.not_found'],
    ] as const) {
      expect((await change(body.id, { text: 'mine' }, by)).body.code).toBe(code);
      expect((await snooze(body.id, tomorrow(), by)).body.code).toBe(code);
      expect((await complete(body.id, by)).body.code).toBe(code);
      expect((await drop(body.id, by)).body.code).toBe(code);
    }
    expect((await list('', bob)).map(({ id }) => id)).not.toContain(body.id);
    expect((await chat.call(`GET ${at()}`, { token: stranger.token })).body.code).toBe('workspace.not_found');
    expect((await create({}, stranger)).body.code).toBe('workspace.not_found');
  });

  it.each([
    ['neither words nor a message', { text: undefined }, '/text'],
    ['blank words', { text: ' ' }, '/text'],
    ['too many words', { text: 'a'.repeat(1001) }, '/text'],
    ['the past', { remindAt: '2026-01-01T00:00:00Z' }, '/remindAt'],
    ['more than a year away', { remindAt: soon(400 * 24 * 3600 * 1000) }, '/remindAt'],
    ['no time', { remindAt: 'tomorrow' }, '/remindAt'],
    ['no time zone', { recurrence: { freq: 'daily', timeZone: 'Nowhere' } }, '/recurrence/timeZone'],
  ])('are refused with %s', async (_name, body, pointer) => {
    const reply = await create(body);
    expect(reply.status).toBe(400);
    expect(reply.body.errors?.[0]?.pointer).toBe(pointer);
  });

  it('can be snoozed until a time to come only', async () => {
    const { body } = await create();
    const reply = await snooze(body.id, '2026-01-01T00:00:00Z');
    expect([reply.status, reply.body.errors?.[0]?.pointer]).toEqual([400, '/until']);
  });

  it('are listed by pages, the earliest first, and are five hundred at most', async () => {
    const carol = await chat.person('Carol');
    await chat.invite(ada, workspaceId, carol);
    await chat.app.get(Database).execute(
      `INSERT INTO chat.reminders (id, user_id, workspace_id, text, state, remind_at, first_at, occurrence, fired_count,
         version, created_at)
       SELECT gen_random_uuid(), $1, $2, 'x', 'waiting', d, d, 0, 0, 1, now()
       FROM (SELECT now() + make_interval(hours => 1 + n / 3) AS d FROM generate_series(1, 500) n) days`,
      [carol.id, workspaceId],
    );
    expect((await create({}, carol)).body.code).toBe('reminder.too_many');
    const seen: Reminder[] = [];
    let cursor: string | null = null;
    do {
      const path: string = `GET ${at()}?limit=200${cursor ? `&cursor=${cursor}` : ''}`;
      const page: Page<Reminder> = (await chat.call<Page<Reminder>>(path, { token: carol.token })).body;
      seen.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor);
    const keys = seen.map(({ remindAt, id }) => remindAt + id);
    expect(keys).toEqual([...new Set(keys)].sort());
    expect(keys).toHaveLength(500);
  });
});
