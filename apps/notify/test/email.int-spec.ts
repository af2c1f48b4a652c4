import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SMTPServer, type SMTPServerAddress } from 'smtp-server';
import {
  eventually,
  newId,
  readMail,
  startPostgresDatabase,
  type ReadMail,
  type TestDatabase,
} from '#testing';
import { unsubscribeToken } from '../src/email/unsubscribe-token.js';
import { Storage } from '../src/engines/storage.js';
import { DeliveriesRepository } from '../src/notifications/deliveries.repository.js';
import { aNotice, DeliveryDesk } from './delivery-desk.js';
import { settled, tried } from './push-bench.js';
import { RunningNotify, World } from './running-notify.js';

const LINK_KEY = 'a-key-of-the-tests-with-32-characters';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
type SmtpError = Error & { responseCode?: number };

describe('mails about messages', () => {
  let world: World;
  let postgres: TestDatabase;
  let desk: DeliveryDesk;
  let server: SMTPServer;
  let notify: RunningNotify;
  const mails: ReadMail[] = [];
  /** What the mail server does before it takes a mail. */
  let before: (to: string) => Promise<void> = async () => undefined;

  const start = async (env: Record<string, string> = {}) => {
    const { port } = server.server.address() as AddressInfo;
    const running = await RunningNotify.start(world, {
      POSTGRES_URL: postgres.url,
      PUBLIC_URL: 'https://chat.example',
      SMTP_URL: `smtp://127.0.0.1:${port}`,
      MAIL_FROM: 'Parley <parley@chat.example>',
      MAIL_LINK_KEY: LINK_KEY,
      ...env,
    });
    await running.app.get(Storage).ready;
    return running;
  };
  const reader = (fields: { email?: string | null; locale?: string; timeZone?: string } = {}) => {
    const userId = newId.user();
    const { email = `${userId}@example.org`, locale = null, timeZone = null } = fields;
    desk.recipients.set(userId, { userId, name: 'Ada', email, locale, timeZone });
    return { userId, email: email ?? '' };
  };
  const mailsTo = (address: string) => mails.filter(({ headers }) => headers['to'] === address);
  const linkIn = (mail: ReadMail | undefined): string => {
    const [, path = ''] =
      /https:\/\/chat\.example(\/api\/v1\/email-unsubscriptions\/[\w-]+)/.exec(mail?.text ?? '') ?? [];
    return `${notify.url}${path}`;
  };

  beforeAll(async () => {
    [world, postgres] = await Promise.all([World.start(), startPostgresDatabase({ migrations: 'notify' })]);
    desk = await DeliveryDesk.open(world, postgres.url);
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onRcptTo: ({ address }: SMTPServerAddress, _session, done) => {
        before(address).then(
          () => done(),
          (error: SmtpError) => done(error),
        );
      },
      onData: (stream, _session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          mails.push(readMail(Buffer.concat(chunks).toString()));
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    notify = await start();
  });
  afterEach(() => {
    before = async () => undefined;
  });
  afterAll(async () => {
    await notify?.stop();
    await new Promise<void>((resolve) => server.close(resolve));
    await desk?.close();
    await world?.stop();
    await postgres?.drop();
  });

  it('arrive as text and HTML, in the language and on the clock of the person', async () => {
    const { userId, email } = reader({ locale: 'de', timeZone: 'Europe/Berlin' });
    const createdAt = new Date('2026-03-02T08:05:00Z');
    const id = await desk.owe(userId, 'email', { createdAt });
    expect(await settled(desk, id)).toMatchObject({ state: 'sent', attempts: 1 });
    const [mail, ...others] = mailsTo(email);
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      subject: 'Grace hat dich in #general erwähnt',
      headers: {
        from: 'Parley <parley@chat.example>',
        'auto-submitted': 'auto-generated',
        'list-unsubscribe': expect.stringMatching(
          /^<https:\/\/chat\.example\/api\/v1\/email-unsubscriptions\/[\w-]{64}>$/,
        ),
        'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
      },
    });
    for (const part of [mail?.text, mail?.html])
      for (const word of ['Acme', '#general', 'Grace', '02.03.2026, 09:05', 'Lunch?'])
        expect(part).toContain(word);
  });

  it('tell what is due at one time in one mail, by workspace and conversation, and count the rest', async () => {
    const { userId, email } = reader();
    const dueAt = new Date(Date.now() + 1500);
    const [here, there] = [newId.workspace(), newId.workspace()];
    const channelId = newId.channel();
    const ids: string[] = [];
    for (let n = 0; n < 28; n++) {
      const workspaceId = n === 3 ? there : here;
      const messageId = newId.message();
      desk.notices.set(messageId, {
        ...aNotice,
        workspaceName: workspaceId === here ? 'Acme' : 'Elsewhere',
        preview: `number ${n}.`,
      });
      ids.push(await desk.owe(userId, 'email', { workspaceId, channelId, messageId, dueAt }));
    }
    for (const id of ids) expect((await settled(desk, id)).state).toBe('sent');
    const [mail, ...others] = mailsTo(email);
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('28 unread messages');
    expect(mail?.text.match(/number \d+\./g)).toHaveLength(25);
    expect(mail?.text).toContain('and 3 more messages');
    expect(mail?.text.match(/^== .* ==$/gm)).toEqual(['== Acme ==', '== Elsewhere ==']);
  });

  it('of one conversation follow one another', async () => {
    const { userId, email } = reader();
    const channelId = newId.channel();
    for (const where of [channelId, channelId, newId.channel()])
      await settled(desk, await desk.owe(userId, 'email', { channelId: where }));
    const [first, second, elsewhere] = mailsTo(email).map(({ headers }) => headers);
    expect(first?.['in-reply-to']).toMatch(/^<c\.[0-9a-f]{32}@chat\.example>$/);
    expect(second?.['in-reply-to']).toBe(first?.['in-reply-to']);
    expect(second?.['references']).toBe(first?.['in-reply-to']);
    expect(elsewhere?.['in-reply-to']).not.toBe(first?.['in-reply-to']);
    expect(new Set([first, second, elsewhere].map((headers) => headers?.['message-id'])).size).toBe(3);
  });

  it('are not sent of what was read, is gone, or to an address that nobody has confirmed', async () => {
    const { userId, email } = reader();
    const dueAt = new Date(Date.now() + 1000);
    const read = await desk.owe(userId, 'email', { dueAt });
    await desk.cancel(read);
    const messageId = newId.message();
    desk.notices.set(messageId, null);
    const gone = await desk.owe(userId, 'email', { dueAt, messageId });
    expect(await settled(desk, gone)).toMatchObject({ state: 'cancelled', errorCode: 'not_readable' });
    const unknown = await desk.owe(reader({ email: null }).userId, 'email');
    expect(await settled(desk, unknown)).toMatchObject({ state: 'cancelled', errorCode: 'no_address' });
    expect(mailsTo(email)).toEqual([]);
  });

  it('are not sent of what is read while the mail is being written', async () => {
    const { userId, email } = reader();
    const [read, unread] = [newId.message(), newId.message()];
    desk.notices.set(unread, { ...aNotice, preview: 'still unread' });
    const dueAt = new Date(Date.now() + 1000);
    const first = await desk.owe(userId, 'email', { messageId: read, dueAt });
    const second = await desk.owe(userId, 'email', { messageId: unread, dueAt });
    desk.whileAsked = () => desk.cancel(first);
    expect((await settled(desk, second)).state).toBe('sent');
    desk.whileAsked = async () => undefined;
    expect((await desk.row(first)).state).toBe('cancelled');
    expect(
      mailsTo(email).map(({ text }) => [text.includes('still unread'), text.includes('Lunch?')]),
    ).toEqual([[true, false]]);
  });

  it('are the same mail when they come again, and tell nothing that came since', async () => {
    const { userId, email } = reader();
    await notify.stop();
    const owed = await Promise.all([desk.owe(userId, 'email'), desk.owe(userId, 'email')]);
    const died = new DeliveriesRepository(desk.database);
    await died.claim('email', { limit: 10, leaseMs: 1500, now: new Date() });
    const since = await desk.owe(userId, 'email');
    notify = await start();
    for (const id of [...owed, since]) expect((await settled(desk, id)).state).toBe('sent');
    expect(mailsTo(email)).toHaveLength(2);
    const once = mailsTo(email).find(({ subject }) => subject.startsWith('2 unread'))?.headers['message-id'];
    // The process died after the server took it: a mailbox knows it by its id.
    await desk.database.execute(
      `UPDATE notify.deliveries SET state = 'pending', settled_at = NULL, due_at = now() WHERE id = ANY ($1::uuid[])`,
      [owed],
    );
    await eventually(async () => expect(mailsTo(email)).toHaveLength(3));
    expect(mailsTo(email)[2]?.headers['message-id']).toBe(once);
  });

  it('are sent once, however many processes deliver', async () => {
    const people = Array.from({ length: 30 }, () => reader());
    const second = await start();
    const ids = await Promise.all(people.map(({ userId }) => desk.owe(userId, 'email')));
    for (const id of ids) await settled(desk, id);
    await second.stop();
    expect(people.map(({ email }) => mailsTo(email).length)).toEqual(people.map(() => 1));
  });

  it('are given up where the server refuses them, and come again where it can not take them now', async () => {
    const refuse = (responseCode: number) => async () => {
      throw Object.assign(new Error('refused'), { responseCode });
    };
    before = refuse(550);
    const never = await desk.owe(reader().userId, 'email');
    expect(await settled(desk, never)).toMatchObject({ state: 'failed', errorCode: 'smtp_550' });
    before = refuse(451);
    const { userId, email } = reader();
    const later = await desk.owe(userId, 'email');
    expect(await tried(desk, later, 1)).toMatchObject({ state: 'pending', errorCode: 'smtp_451' });
    before = async () => undefined;
    await desk.hasten(later);
    expect((await settled(desk, later)).state).toBe('sent');
    expect(mailsTo(email)).toHaveLength(1);
  });

  it('end by a mail program’s POST, and not by looking at the link', async () => {
    const { userId, email } = reader();
    await settled(desk, await desk.owe(userId, 'email'));
    const [mail] = mailsTo(email);
    const [, oneClick = ''] =
      /<https:\/\/chat\.example(.*)>/.exec(mail?.headers['list-unsubscribe'] ?? '') ?? [];
    expect(`${notify.url}${oneClick}`).toBe(linkIn(mail));
    const page = await fetch(linkIn(mail), { headers: { 'accept-language': 'vi' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self'");
    expect(await page.text()).toContain('<html lang="vi">');
    expect((await fetch(linkIn(mail), { method: 'HEAD' })).status).toBe(200);
    await settled(desk, await desk.owe(userId, 'email'));
    expect(mailsTo(email)).toHaveLength(2);
    const member = { userId, sessionId: newId.session() };
    const headers = { authorization: `Bearer ${await world.keys.sign(member)}` };
    const preferences = async () =>
      (await fetch(`${notify.url}/api/v1/me/notification-preferences`, { headers })).json();
    const body = 'List-Unsubscribe=One-Click';
    const stopped = await fetch(linkIn(mail), { method: 'POST', headers: FORM, body });
    expect(stopped.status).toBe(200);
    expect(await preferences()).toMatchObject({ email: 'off', version: 1 });
    // Again is no error, and changes nothing.
    expect((await fetch(linkIn(mail), { method: 'POST', headers: FORM, body })).status).toBe(200);
    expect(await preferences()).toMatchObject({ email: 'off', version: 1 });
    expect(await settled(desk, await desk.owe(userId, 'email'))).toMatchObject({
      state: 'cancelled',
      errorCode: 'unwanted',
    });
    expect(mailsTo(email)).toHaveLength(2);
  });

  it('end by no link that we have not signed', async () => {
    const link = (token: string) => `${notify.url}/api/v1/email-unsubscriptions/${token}`;
    const forged = unsubscribeToken(newId.user(), 'another-key-of-the-tests-with-32-chars');
    for (const method of ['GET', 'POST']) {
      const reply = await fetch(link(forged), { method });
      expect([reply.status, ((await reply.json()) as { code: string }).code]).toEqual([
        410,
        'auth.link_invalid',
      ]);
    }
  });

  it('are off without a key for their links', async () => {
    await notify.stop();
    notify = await start({ MAIL_LINK_KEY: '' });
    const { userId, email } = reader();
    expect(await settled(desk, await desk.owe(userId, 'email'))).toMatchObject({
      state: 'cancelled',
      errorCode: 'email_off',
    });
    const signed = unsubscribeToken(userId, LINK_KEY);
    expect((await fetch(`${notify.url}/api/v1/email-unsubscriptions/${signed}`)).status).toBe(410);
    expect(mailsTo(email)).toEqual([]);
  });
});
