import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Message, MyWorkspace, Page, Reminder, ScheduledMessage } from '#contracts';
import type { EventStream } from '#testing';
import { heardUntilMessage, nextEvent, RunningParley, type Person } from './running-parley.js';

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

describe('what happens later and by itself, through the gateway', () => {
  let parley: RunningParley;
  let pages: Server;
  let port: number;
  let ada: Person;
  let bob: Person;
  let w: string;
  let c: string;
  const visits: string[] = [];
  beforeAll(async () => {
    pages = createServer((request, response) => {
      visits.push(`${request.headers.host} ${request.url}`);
      if (request.url === '/away')
        response.writeHead(302, { location: `http://127.0.0.2:${port}/secret` }).end();
      else
        response
          .setHeader('content-type', 'text/html')
          .end(`<head><title>About ${request.url?.slice(1)}</title></head>`);
    });
    // On all addresses of this machine, of which one is allowed below.
    await new Promise<void>((resolve) => pages.listen(0, '0.0.0.0', resolve));
    ({ port } = pages.address() as AddressInfo);
    parley = await RunningParley.start({
      env: { LINK_PREVIEW_PORTS: `80,443,${port}`, LINK_PREVIEW_NETWORKS: '127.0.0.1/32' },
    });
    ({ ada, bob, workspaceId: w, channelId: c } = await parley.team());
  }, 120_000);
  afterAll(async () => {
    await parley?.stop();
    pages.closeAllConnections();
    await new Promise((resolve) => pages.close(resolve));
  }, 60_000);

  const at = (path: string) => `/workspaces/${w}${path}`;
  const schedule = async (body: object) =>
    (await ada.call<ScheduledMessage>(`POST ${at('/scheduled-messages')}`, { channelId: c, ...body })).body;
  const scheduled = async (person: Person) =>
    (await person.call<Page<ScheduledMessage>>(`GET ${at('/scheduled-messages')}`)).body.data;
  const textOf = async (stream: EventStream) =>
    (await nextEvent(stream, 'message.created', 30_000)).event.data.message.text;

  it('a scheduled message comes at its time, once, and its author sees it go', async () => {
    const [others, phone] = [await bob.listen(w), await ada.listen(w)];
    const sendAt = inSeconds(3);
    const made = await schedule({ text: 'good morning', sendAt });
    expect((await nextEvent(phone, 'scheduled_message.updated')).event.data.scheduledMessage).toEqual(made);
    expect([(await scheduled(ada)).length, (await scheduled(bob)).length]).toEqual([1, 0]);
    const { event } = await nextEvent(others, 'message.created', 30_000);
    expect(event.data.message).toMatchObject({ text: 'good morning', senderId: ada.id });
    expect(Date.parse(event.data.message.createdAt)).toBeGreaterThanOrEqual(Date.parse(sendAt));
    const gone = await nextEvent(phone, 'scheduled_message.removed');
    expect(gone.event.data).toEqual({ scheduledMessageId: made.id, messageId: event.data.message.id });
    expect(await scheduled(ada)).toEqual([]);
    await ada.send(c, 'next');
    expect(await textOf(others)).toBe('next');
    await Promise.all([others.close(), phone.close()]);
  });

  it('a recurring one waits for its next time; one may send it now, change it, or call it off', async () => {
    const stream = await bob.listen(w);
    const recurrence = { freq: 'daily', timeZone: 'Europe/Berlin' };
    const made = await schedule({ text: 'standup', sendAt: inSeconds(2), recurrence });
    expect(await textOf(stream)).toBe('standup');
    const one = `${at('/scheduled-messages')}/${made.id}`;
    const phone = await ada.stream(w, (await ada.bootstrap(w)).cursor as string);
    const waits = async (sentCount: number) => {
      for (;;) {
        const { body } = await ada.call<ScheduledMessage>(`GET ${one}`);
        if (body.state === 'scheduled' && body.sentCount === sentCount) return body;
      }
    };
    const next = await waits(1);
    const hours = (Date.parse(next.sendAt) - Date.parse(made.sendAt)) / 3_600_000;
    // 23 and 25 are the days on which the clocks change.
    expect([23, 24, 25]).toContain(Math.round(hours));
    await ada.call(`PATCH ${one}`, { text: 'standup, today at ten' });
    expect((await ada.call<Message>(`POST ${one}/send-now`)).body.text).toBe('standup, today at ten');
    expect(await textOf(stream)).toBe('standup, today at ten');
    expect((await bob.call(`DELETE ${one}`)).body.code).toBe('scheduled_message.not_found');
    expect((await ada.call(`DELETE ${one}`)).status).toBe(204);
    expect((await nextEvent(phone, 'scheduled_message.removed')).event.data.scheduledMessageId).toBe(made.id);
    const bad = await schedule({
      text: 'x',
      sendAt: inSeconds(60),
      recurrence: { freq: 'daily', timeZone: '+02:00' },
    });
    expect(bad).toMatchObject({ code: 'request.invalid', errors: [{ pointer: '/recurrence/timeZone' }] });
    await Promise.all([stream.close(), phone.close()]);
  });

  it('a reminder is due at its time, on all devices of its owner and on nobody else’s', async () => {
    const { body: message } = await ada.send(c, 'please answer');
    const [phone, others] = [await bob.listen(w), await ada.listen(w)];
    const remind = (body: object) => bob.call<Reminder>(`POST ${at('/reminders')}`, body);
    const { body: made } = await remind({ messageId: message.id, remindAt: inSeconds(2) });
    expect((await nextEvent(phone, 'reminder.updated')).event.data.reminder).toEqual(made);
    const { event } = await nextEvent(phone, 'reminder.updated', 30_000);
    expect(event.data.reminder).toEqual({ ...made, state: 'due', version: 2 });
    await bob.call(`POST ${at(`/reminders/${made.id}/snooze`)}`, { until: inSeconds(2) });
    expect((await nextEvent(phone, 'reminder.updated')).event.data.reminder.state).toBe('waiting');
    expect((await nextEvent(phone, 'reminder.updated', 30_000)).event.data.reminder.state).toBe('due');
    await bob.call(`POST ${at(`/reminders/${made.id}/complete`)}`);
    expect((await nextEvent(phone, 'reminder.updated')).event.data.reminder.state).toBe('completed');
    const { body: open } = await bob.call<Page<Reminder>>(`GET ${at('/reminders')}`);
    expect(open.data).toEqual([]);
    expect((await remind({ text: 'too late', remindAt: inSeconds(-5) })).body.errors?.[0]?.pointer).toBe(
      '/remindAt',
    );
    await bob.send(c, 'a mark in the stream');
    const types = (await heardUntilMessage(others)).map(({ type }) => type);
    expect(types).not.toContain('reminder.updated');
    await Promise.all([phone.close(), others.close()]);
  });

  it('a poll closes by itself', async () => {
    const stream = await bob.listen(w);
    const poll = { question: 'Now?', options: ['yes', 'no'], closesAt: inSeconds(3) };
    const asked = await ada.post(c, '', { poll });
    const { event } = await nextEvent(stream, 'message.updated', 30_000);
    expect(event.data.message).toMatchObject({ id: asked.id, poll: { closedAt: expect.any(String) } });
    const [yes] = asked.poll?.options ?? [];
    const late = await bob.call(`PUT /messages/${asked.id}/vote`, { optionIds: [yes?.id] });
    expect(late.body.code).toBe('poll.closed');
    await stream.close();
  });

  it('a link shows what it leads to, unless that is an address nobody outside could reach', async () => {
    const stream = await bob.listen(w);
    const page = (name: string, host = '127.0.0.1') => `http://${host}:${port}/${name}`;
    const text = [page('secret', '127.0.0.2'), page('away'), page('plain')].join(' ');
    const { body: sent } = await ada.send(c, text);
    const { event } = await nextEvent(stream, 'message.updated', 30_000);
    expect(event.data.message.id).toBe(sent.id);
    const titles = event.data.message.previews?.map(({ url, title }) => [url, title]);
    expect(titles).toContainEqual([page('plain'), 'About plain']);
    expect(JSON.stringify(titles)).not.toContain('secret');
    expect(visits.filter((visit) => visit.startsWith('127.0.0.2'))).toEqual([]);
    expect(visits).toContain(`127.0.0.1:${port} /away`);
    for (const { position } of event.data.message.previews ?? []) {
      const path = `/messages/${sent.id}/previews/${position}`;
      expect((await bob.call(`DELETE ${path}`)).body.code).toBe('message.not_author');
      expect((await ada.call(`DELETE ${path}`)).status).toBe(204);
    }
    expect((await ada.call<Message>(`GET /messages/${sent.id}`)).body).not.toHaveProperty('previews');
    await ada.call(`PATCH ${at('')}`, { linkPreviews: false });
    await ada.send(c, page('unseen'));
    // What comes after it in another workspace is shown, so its turn has been.
    const { body: other } = await ada.call<MyWorkspace>('POST /workspaces', { name: 'Other' });
    const [general] = (await ada.bootstrap(other.id)).channels;
    const elsewhere = await ada.listen(other.id);
    await ada.send(general?.channel.id as string, page('seen'));
    await elsewhere.next((frame) => frame.data.includes('About seen'), 30_000);
    expect(visits.map((visit) => visit.split(' ')[1])).not.toContain('/unseen');
    await elsewhere.close();
    await stream.close();
  });
});
