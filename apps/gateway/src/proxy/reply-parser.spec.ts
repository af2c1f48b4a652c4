import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BadReply, ReplyParser } from './reply-parser.js';

class Recorder {
  status = 0;
  headers: string[] = [];
  body = '';
  ends = 0;
  head(status: number, headers: string[]): void {
    this.status = status;
    this.headers = headers;
  }
  data(bytes: Buffer, start: number, end: number, last: boolean): void {
    this.body += bytes.toString('latin1', start, end);
    if (last) this.ends += 1;
  }
  end(): void {
    this.ends += 1;
  }
}

/** Feeds through one reused buffer, as connections do, so that what is kept without a copy gets garbled. */
const read = (text: string, cuts: number[] = [], method = 'GET') => {
  const parser = new ReplyParser();
  const recorder = new Recorder();
  const buffer = Buffer.alloc(64 * 1024, '\r\n\r\n');
  const edges = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  parser.expect(method);
  let complete = false;
  for (let i = 1; i < edges.length; i += 1) {
    const length = buffer.write(text.slice(edges[i - 1], edges[i]), 'latin1');
    if (length > 0) complete = parser.feed(buffer, length, recorder);
  }
  return { parser, recorder, complete };
};

const chunked = (parts: string[]) =>
  `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${parts.map((part) => `${part.length.toString(16)};ext=1\r\n${part}\r\n`).join('')}0\r\nX-Trailer: 1\r\n\r\n`;

describe('ReplyParser', () => {
  it('reads a reply by length, however it is cut', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.array(fc.nat()), (text, cuts) => {
        const body = Buffer.from(text).toString('latin1');
        const reply = `HTTP/1.1 201 Created\r\nContent-Type: a/b\r\nContent-Length: ${body.length}\r\nX-Empty:\r\n\r\n${body}`;
        const { parser, recorder, complete } = read(reply, cuts);
        expect(complete).toBe(true);
        expect(recorder).toMatchObject({ status: 201, body, ends: 1 });
        expect(recorder.headers).toEqual([
          'Content-Type',
          'a/b',
          'Content-Length',
          String(body.length),
          'X-Empty',
          '',
        ]);
        expect(parser.keepAlive).toBe(true);
      }),
    );
  });

  it('reads a reply in chunks, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ minLength: 1, maxLength: 40 }).map((part) => Buffer.from(part).toString('latin1')),
        ),
        fc.array(fc.nat()),
        (parts, cuts) => {
          const { recorder, complete } = read(chunked(parts), cuts);
          expect(complete).toBe(true);
          expect(recorder).toMatchObject({ status: 200, body: parts.join(''), ends: 1 });
        },
      ),
    );
  });

  it('passes over informational replies', () => {
    const { recorder } = read(
      'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx',
    );
    expect(recorder).toMatchObject({ status: 200, body: 'x', ends: 1 });
  });

  it.each([
    ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'],
    ['GET', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n'],
    ['GET', 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n'],
  ])('knows that the reply to %s has no body: %j', (method, reply) => {
    const { recorder, complete } = read(reply, [], method);
    expect(complete).toBe(true);
    expect(recorder).toMatchObject({ body: '', ends: 1 });
  });

  it('reads to the end of the connection when nothing frames the body', () => {
    const { parser, recorder, complete } = read('HTTP/1.1 200 OK\r\n\r\nsome');
    expect(complete).toBe(false);
    expect(parser.close(recorder)).toBe(true);
    expect(recorder).toMatchObject({ body: 'some', ends: 1 });
    expect(parser.keepAlive).toBe(false);
  });

  it('does not take a broken connection for an end', () => {
    const { parser, recorder } = read('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsome');
    expect(parser.close(recorder)).toBe(false);
    expect(recorder.ends).toBe(0);
  });

  it('learns whether and how long the connection may be kept', () => {
    expect(read('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n').parser.keepAlive).toBe(
      false,
    );
    expect(read('HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n').parser.keepAlive).toBe(false);
    const { parser } = read('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=72\r\nContent-Length: 0\r\n\r\n');
    expect(parser).toMatchObject({ keepAlive: true, keepAliveSeconds: 72 });
  });

  it('does not trust a connection that says more than it was asked', () => {
    expect(read('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\n').parser.keepAlive).toBe(
      false,
    );
  });

  it('tells whether a reply has begun', () => {
    expect(read('').parser.started).toBe(false);
    expect(read('HTT').parser.started).toBe(true);
  });

  it.each([
    'HTTP/2 200 OK\r\n\r\n',
    'HTTP/1.1 20 OK\r\n\r\n',
    'garbage\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\n',
    'HTTP/1.1 200 OK\r\nno colon\r\n\r\n',
    'HTTP/1.1 200 OK\r\n: no name\r\n\r\n',
    'HTTP/1.1 200 OK\r\nA: 1\r\n folded: 2\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding : chunked\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n',
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(300)}`,
    `HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(9999)}`,
  ])('refuses %j', (reply) => {
    expect(() => read(reply + 'X: '.padEnd(reply.length > 5000 ? 60_000 : 0), [40_000])).toThrow(BadReply);
  });
});
