import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { FolderMailer, SmtpMailer, type Mail, type Mailer } from '#mail';
import { mailsIn, readMail, type ReadMail } from '#testing';

type Bench = {
  mailer: Mailer;
  received(): Promise<ReadMail[]>;
  /** From now on nothing can be delivered. */
  breakDown(): Promise<void>;
  stop(): Promise<void>;
};
const FROM = 'Parley <parley@chat.example>';

const smtp = async (): Promise<Bench> => {
  const mails: ReadMail[] = [];
  const server = new SMTPServer({
    authMethods: ['PLAIN'],
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      username === 'ada' && password === 'p@ss' ? done(null, { user: 'ada' }) : done(new Error('denied')),
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
  const { port } = server.server.address() as AddressInfo;
  const mailer = new SmtpMailer(`smtp://ada:p%40ss@127.0.0.1:${port}`, FROM);
  const close = () => new Promise<void>((resolve) => server.close(resolve));
  return {
    mailer,
    received: () => Promise.resolve(mails),
    breakDown: async () => {
      mailer.close();
      await close();
    },
    stop: async () => {
      mailer.close();
      await close();
    },
  };
};

const folder = async (): Promise<Bench> => {
  const home = await mkdtemp(join(tmpdir(), 'parley-mailer-'));
  const directory = join(home, 'deep', 'mail');
  return {
    mailer: new FolderMailer(directory, FROM),
    received: () => mailsIn(directory),
    breakDown: () => writeFile(join(home, 'deep'), 'a file where a folder should be'),
    stop: () => rm(home, { recursive: true }),
  };
};

describe.each([
  ['by SMTP', smtp],
  ['into a folder', folder],
])('mail %s', (_, open) => {
  let bench: Bench;
  afterEach(() => bench.stop());

  const words = ['Hello Ada,', '. and .. begin lines', `a long line: ${'word '.repeat(60)}end`];
  const letter: Mail = {
    to: 'ada@example.org',
    subject: 'Grüße aus Đà Nẵng, 🚂 and a subject that is longer than one line of a header may be',
    text: `${words.join('\n\n')}\n`,
    html: words.map((line) => `<p>${line}</p>`).join('\n'),
  };

  it('arrives as it was written, in both forms', async () => {
    bench = await open();
    await bench.mailer.send(letter);
    const [mail] = await bench.received();
    expect(mail?.headers).toMatchObject({
      from: FROM,
      to: 'ada@example.org',
      'auto-submitted': 'auto-generated',
      'message-id': expect.stringMatching(/^<.+@.+>$/),
      date: expect.stringMatching(/\d{4}/),
    });
    expect(mail?.subject).toBe(letter.subject);
    expect(mail?.text).toBe(letter.text.trimEnd());
    expect(mail?.html).toBe(letter.html.trimEnd());
  });

  it('says which conversation it belongs to, and what else it is told to', async () => {
    bench = await open();
    await bench.mailer.send({
      ...letter,
      messageId: '<n.2@chat.example>',
      inReplyTo: '<n.1@chat.example>',
      headers: { 'List-Unsubscribe': '<https://chat.example/u>', 'Auto-Submitted': 'no' },
    });
    const [mail] = await bench.received();
    expect(mail?.headers).toMatchObject({
      'message-id': '<n.2@chat.example>',
      'in-reply-to': '<n.1@chat.example>',
      references: '<n.1@chat.example>',
      'list-unsubscribe': '<https://chat.example/u>',
      'auto-submitted': 'auto-generated',
    });
  });

  it('arrives once each, many at a time', async () => {
    bench = await open();
    const subjects = Array.from({ length: 20 }, () => randomUUID());
    await Promise.all(subjects.map((subject) => bench.mailer.send({ ...letter, subject })));
    const received = await bench.received();
    expect(received.map(({ subject }) => subject).sort()).toEqual(subjects.sort());
  });

  it('is an error when it can not be delivered', async () => {
    bench = await open();
    await bench.breakDown();
    await expect(bench.mailer.send(letter)).rejects.toThrow();
  });
});

describe('the mail folder', () => {
  it('is for the owner’s eyes only, and keeps the order', async () => {
    const directory = join(await mkdtemp(join(tmpdir(), 'parley-mailer-')), 'mail');
    const mailer = new FolderMailer(directory, FROM);
    const mail = { to: 'ada@example.org', subject: '1', text: 'x', html: '<p>x</p>' };
    await mailer.send(mail);
    await mailer.send({ ...mail, subject: '2' });
    expect((await mailsIn(directory)).map(({ subject }) => subject)).toEqual(['1', '2']);
    const [name = ''] = await readdir(directory);
    expect([(await stat(directory)).mode & 0o777, (await stat(join(directory, name))).mode & 0o777]).toEqual([
      0o700, 0o600,
    ]);
    await rm(join(directory, '..'), { recursive: true });
  });
});
