import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { BadMessage, encode, MessageReader } from './messages.js';

type Message = [kind: number, subject: number, other: number, payload: string];

const id = fc.oneof(fc.nat(300), fc.maxSafeNat());
const messages = fc.array(fc.tuple(fc.nat(255), id, id, fc.string({ unit: 'binary', maxLength: 400 })), {
  maxLength: 30,
});

const reading = () => {
  const read: Message[] = [];
  const sink = {
    message: (kind: number, subject: number, other: number, payload: Buffer) =>
      void read.push([kind, subject, other, payload.toString()]),
  };
  return { read, sink };
};

describe('messages of a link', () => {
  test.prop([messages, fc.array(fc.nat(1000), { maxLength: 60 })])(
    'arrive as they were sent, however their bytes are cut',
    (sent, cuts) => {
      const bytes = Buffer.concat(sent.map(([kind, a, b, text]) => encode(kind, a, b, Buffer.from(text))));
      const { read, sink } = reading();
      const reader = new MessageReader();
      let from = 0;
      for (const cut of cuts) reader.feed(bytes.subarray(from, (from += cut)), sink);
      reader.feed(bytes.subarray(from), sink);
      expect(read).toEqual(sent);
    },
  );

  it('need nothing after themselves to be told', () => {
    const { read, sink } = reading();
    const reader = new MessageReader();
    for (const byte of encode(1, 2, 3, Buffer.from('x'))) reader.feed(Buffer.from([byte]), sink);
    expect(read).toEqual([[1, 2, 3, 'x']]);
  });

  it.each([
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['no ids', Buffer.from([1, 0, 0, 0, 7])],
    ['an id that goes on beyond its message', Buffer.from([4, 0, 0, 0, 1, 128, 128, 128, 0, 0, 0])],
    ['an id that is too large', Buffer.from([12, 0, 0, 0, 1, ...Array<number>(10).fill(255), 1])],
  ])('are refused when there is %s', (_what, bytes) => {
    expect(() => new MessageReader().feed(bytes, reading().sink)).toThrow(BadMessage);
  });
});
