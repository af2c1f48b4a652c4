import { parseArgs } from 'node:util';
import { headers } from '@nats-io/nats-core';
import { connectBus, type Bus } from './connection.js';
import { DEAD_CONSUMER, DEAD_REASON, DEAD_SEQ, DEAD_SUBJECT } from './dead-letters.js';
import { DEAD_LETTERS_STREAM } from './streams.js';

const usage = `Dead letters: events a consumer gave up on.
  dlq list                 number, time, consumer, subject and reason of each
  dlq show <number>        one letter with its payload
  dlq redrive <number|all> publish again for every consumer (they are idempotent), then remove the letter
  dlq drop <number>        remove a letter
NATS_URL names the server (default nats://127.0.0.1:4222).`;

type Letter = {
  number: number;
  time: string;
  consumer: string;
  subject: string;
  reason: string;
  seq: string;
  payload: Uint8Array;
};

/** Reads every dead letter, oldest first. */
export const deadLetters = async ({ jsm }: Bus): Promise<Letter[]> => {
  const { state } = await jsm.streams.info(DEAD_LETTERS_STREAM);
  const letters: Letter[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq++) {
    const stored = await jsm.streams.getMessage(DEAD_LETTERS_STREAM, { seq }).catch(() => null);
    if (!stored) continue;
    const header = (name: string) => stored.header.get(name);
    letters.push({
      number: seq,
      time: stored.timestamp,
      consumer: header(DEAD_CONSUMER),
      subject: header(DEAD_SUBJECT),
      reason: header(DEAD_REASON),
      seq: header(DEAD_SEQ),
      payload: stored.data,
    });
  }
  return letters;
};

/** Publishes a letter under its old subject and a new message id, then removes it from the dead letters. */
export const redrive = async ({ js, jsm }: Bus, letter: Letter): Promise<void> => {
  const hdrs = headers();
  hdrs.set('Parley-Redriven', String(letter.number));
  await js.publish(letter.subject, letter.payload, {
    headers: hdrs,
    msgID: `redrive:${letter.number}:${letter.seq}`,
  });
  await jsm.streams.deleteMessage(DEAD_LETTERS_STREAM, letter.number);
};

const row = (letter: Letter) =>
  `${letter.number}\t${letter.time}\t${letter.consumer}\t${letter.subject}\t${letter.reason}`;

/** The command line: returns what to print. */
export const runDlq = async (
  bus: Bus,
  command: string | undefined,
  which: string | undefined,
): Promise<string> => {
  const letters = await deadLetters(bus);
  if (command === 'list') return letters.length > 0 ? letters.map(row).join('\n') : 'no dead letters';
  const chosen =
    which === 'all' && command === 'redrive'
      ? letters
      : letters.filter((letter) => String(letter.number) === which);
  if (!['show', 'redrive', 'drop'].includes(command ?? '')) return usage;
  if (chosen.length === 0)
    return which === 'all' ? 'no dead letters' : `no dead letter ${which ?? '(say which)'}`;
  if (command === 'show')
    return chosen.map((letter) => `${row(letter)}\n${new TextDecoder().decode(letter.payload)}`).join('\n');
  for (const letter of chosen) {
    if (command === 'redrive') await redrive(bus, letter);
    else await bus.jsm.streams.deleteMessage(DEAD_LETTERS_STREAM, letter.number);
  }
  return `${command === 'redrive' ? 'redriven' : 'dropped'}: ${chosen.map((letter) => letter.number).join(', ')}`;
};

if (process.argv[1] && import.meta.filename === process.argv[1]) {
  const { positionals } = parseArgs({ allowPositionals: true });
  const bus = await connectBus(process.env['NATS_URL'] ?? 'nats://127.0.0.1:4222', 'dlq');
  process.stdout.write(`${await runDlq(bus, positionals[0], positionals[1])}\n`);
  await bus.nats.close();
}
