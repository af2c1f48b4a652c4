import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { replyHeaders, requestHead, type Forwarding } from './headers.js';

const forwarding: Forwarding = { for: '10.0.0.1', proto: 'https', host: 'chat.example', requestId: 'r-1' };
const headOf = (
  rawHeaders: string[],
  connection?: string,
  body: Parameters<typeof requestHead>[3] = { kind: 'none' },
) =>
  requestHead(
    { method: 'POST', url: '/x?y=1', rawHeaders, headers: { connection } },
    'chat:6688',
    forwarding,
    body,
  );
const linesOf = (head: string) => head.split('\r\n').slice(1, -2);
const namesOf = (head: string) => linesOf(head).map((line) => line.slice(0, line.indexOf(':')).toLowerCase());

describe('requestHead', () => {
  it('forwards end-to-end headers as they are, also repeated ones', () => {
    const lines = linesOf(
      headOf(['Authorization', 'Bearer a', 'X-Thing', '1', 'x-thing', '2', 'Cookie', 'a=b']),
    );
    expect(lines).toEqual(
      expect.arrayContaining(['Authorization: Bearer a', 'X-Thing: 1', 'x-thing: 2', 'Cookie: a=b']),
    );
  });

  it('removes hop-by-hop headers and those Connection names', () => {
    const names = namesOf(
      headOf(
        [
          'Connection',
          'close, X-Hop',
          'X-Hop',
          '1',
          'Keep-Alive',
          't',
          'TE',
          'trailers',
          'Upgrade',
          'h2c',
          'Expect',
          '100-continue',
          'Proxy-Authorization',
          'x',
        ],
        'close, X-Hop',
      ),
    );
    expect(names).not.toEqual(expect.arrayContaining(['x-hop']));
    for (const name of ['keep-alive', 'te', 'upgrade', 'expect', 'proxy-authorization'])
      expect(names).not.toContain(name);
    expect(names.filter((name) => name === 'connection')).toHaveLength(1);
  });

  it('says who asked itself, whatever the client claims', () => {
    const claims = [
      'X-Forwarded-For',
      '1.2.3.4',
      'Forwarded',
      'for=1.2.3.4',
      'X-Real-IP',
      '1.2.3.4',
      'X-Forwarded-Host',
      'evil',
      'Host',
      'evil',
      'X-Request-Id',
      'other',
    ];
    const head = headOf(claims);
    expect(head).not.toMatch(/1\.2\.3\.4|evil|other/);
    expect(linesOf(head)).toEqual(
      expect.arrayContaining([
        'host: chat:6688',
        'x-forwarded-for: 10.0.0.1',
        'x-forwarded-proto: https',
        'x-forwarded-host: chat.example',
        'x-request-id: r-1',
      ]),
    );
  });

  it('replaces traceparent only with its own', () => {
    const request = { method: 'GET', url: '/', rawHeaders: ['traceparent', '00-a-b-01'], headers: {} };
    expect(requestHead(request, 'h', forwarding, { kind: 'none' })).toContain('traceparent: 00-a-b-01');
    const traced = requestHead(request, 'h', { ...forwarding, traceparent: '00-c-d-01' }, { kind: 'none' });
    expect(traced).toContain('traceparent: 00-c-d-01');
    expect(traced).not.toContain('00-a-b-01');
  });

  it('frames the body exactly once, by its own count, for any headers', () => {
    const name = fc.constantFrom(
      'Content-Length',
      'content-length',
      'Transfer-Encoding',
      'TRANSFER-ENCODING',
      'Host',
      'X-A',
      'Connection',
    );
    const header = fc.tuple(name, fc.constantFrom('5', '0', 'chunked', 'x', 'content-length'));
    fc.assert(
      fc.property(fc.array(header), fc.constantFrom('none', 'length', 'chunked'), (headers, kind) => {
        const body = kind === 'length' ? ({ kind, length: 7 } as const) : { kind };
        const connection = headers
          .filter(([key]) => key === 'Connection')
          .map(([, value]) => value)
          .join(', ');
        const head = headOf(headers.flat(), connection || undefined, body);
        const framing = linesOf(head).filter((line) => /^(content-length|transfer-encoding):/i.test(line));
        expect(framing).toEqual(
          { none: [], length: ['content-length: 7'], chunked: ['transfer-encoding: chunked'] }[kind],
        );
        expect(namesOf(head).filter((key) => key === 'host')).toHaveLength(1);
      }),
    );
  });

  it('asks to close the connection when it will not be reused', () => {
    const request = { method: 'GET', url: '/', rawHeaders: [], headers: {} };
    expect(requestHead(request, 'h', forwarding, { kind: 'none' }, false)).toContain('connection: close\r\n');
  });
});

describe('replyHeaders', () => {
  it('returns end-to-end headers after our own, without those of the connection', () => {
    const upstream = [
      'Content-Type',
      'a/b',
      'Set-Cookie',
      '1',
      'Set-Cookie',
      '2',
      'Keep-Alive',
      't',
      'X-Hop',
      '1',
      'X-Request-Id',
      'theirs',
      'Transfer-Encoding',
      'chunked',
    ];
    expect(replyHeaders(upstream, 'x-hop', ['x-request-id', 'ours'])).toEqual([
      'x-request-id',
      'ours',
      'Content-Type',
      'a/b',
      'Set-Cookie',
      '1',
      'Set-Cookie',
      '2',
    ]);
  });
});
