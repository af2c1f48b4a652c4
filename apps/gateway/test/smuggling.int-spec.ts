import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanUp, MESSAGES, rawClient, standIn, startEdge } from './edge.js';

afterEach(cleanUp);

const setUp = async () => {
  const bodies: string[] = [];
  const chat = await standIn((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')));
    request.on('end', () => {
      bodies.push(body);
      response.end('{}');
    });
  });
  const edge = await startEdge({ chat: [chat.url] });
  return { chat, bodies, client: rawClient(edge.port) };
};
const head = (...lines: string[]) =>
  [`POST ${MESSAGES} HTTP/1.1`, 'Host: x', 'Authorization: Bearer good', ...lines, '', ''].join('\r\n');
const hidden = 'GET /api/v1/sessions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n\r\n';

describe('a request that two parsers could read differently', () => {
  it.each([
    ['two lengths', head('Content-Length: 2', 'Content-Length: 60') + `{}${hidden}`],
    ['two equal lengths', head('Content-Length: 2', 'Content-Length: 2') + '{}'],
    ['a list of lengths', head('Content-Length: 2, 60') + `{}${hidden}`],
    ['length and chunks', head('Content-Length: 5', 'Transfer-Encoding: chunked') + `0\r\n\r\n${hidden}`],
    ['chunks and length', head('Transfer-Encoding: chunked', 'Content-Length: 5') + `0\r\n\r\n${hidden}`],
    ['an encoding after chunked', head('Transfer-Encoding: chunked, identity') + `0\r\n\r\n${hidden}`],
    ['a disguised encoding', head('Transfer-Encoding : chunked', 'Content-Length: 5') + `0\r\n\r\n${hidden}`],
    ['a misspelt encoding', head('Transfer-Encoding: xchunked') + `0\r\n\r\n${hidden}`],
    ['a folded header', head('X-A: 1', ' Content-Length: 5') + `0\r\n\r\n${hidden}`],
    ['a signed length', head('Content-Length: +2') + `{}${hidden}`],
    ['a bare LF', head('X-A: 1\nContent-Length: 60') + hidden],
    ['a bare CR', head('X-A: 1\rContent-Length: 60') + hidden],
    ['a NUL', head('X-A: 1\0') + hidden],
    ['a chunk size with rubbish', head('Transfer-Encoding: chunked') + `0x0\r\n\r\n${hidden}`],
    ['no host', `POST ${MESSAGES} HTTP/1.1\r\nContent-Length: 0\r\n\r\n`],
  ])('is refused: %s', async (_, text) => {
    const { chat, client } = await setUp();
    client.write(text);
    await client.closed;
    expect(client.received()).toMatch(/^(?:HTTP\/1\.1 400 Bad Request|$)/);
    expect(client.received().match(/HTTP\/1\.1/g) ?? []).toHaveLength(client.received() === '' ? 0 : 1);
    expect(chat.seen.map(({ url }) => url)).not.toContain('/api/v1/sessions');
  });

  it('is closed without a second reply when the first has begun', async () => {
    const chat = await standIn((_request, response) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('12345');
    });
    const edge = await startEdge({ chat: [chat.url] });
    const client = rawClient(edge.port);
    client.write('GET /api/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n\r\n');
    await client.until(/12345/);
    client.write('rubbish\r\n\r\n');
    await client.closed;
    expect(client.received().match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});

describe('what a client says', () => {
  it('stays the body when it looks like a request', async () => {
    const { chat, bodies, client } = await setUp();
    client.write(head(`Content-Length: ${hidden.length}`) + hidden);
    await client.until(/200 OK/);
    expect(chat.seen).toHaveLength(1);
    expect(bodies).toEqual([hidden]);
  });

  it('is re-framed: chunk extensions and trailers end here', async () => {
    const { chat, bodies, client } = await setUp();
    client.write(
      head('Transfer-Encoding: chunked', 'Trailer: X-Late') + '2;evil=1\r\n{}\r\n0\r\nX-Late: 1\r\n\r\n',
    );
    await client.until(/200 OK/);
    expect(bodies).toEqual(['{}']);
    expect(chat.seen[0]?.headers).not.toHaveProperty('x-late');
    expect(chat.seen[0]?.headers).not.toHaveProperty('trailer');
  });

  it('cannot remove what the gateway adds by naming it in Connection', async () => {
    const { chat, client } = await setUp();
    client.write(
      head(
        'Connection: keep-alive, x-forwarded-for, x-request-id, host, content-length',
        'Content-Length: 2',
      ) + '{}',
    );
    await client.until(/200 OK/);
    expect(chat.seen[0]?.headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'content-length': '2' });
    expect(chat.seen[0]?.headers).toHaveProperty('x-request-id');
  });

  it('cannot put a header into the reply through the request id', async () => {
    const { client } = await setUp();
    client.write(head('X-Request-Id: a%0d%0aset-cookie:x=1', 'Content-Length: 2') + '{}');
    expect(await client.until(/200 OK[^]*\{\}/)).not.toMatch(/set-cookie/i);
  });

  it('is taken request by request when pipelined', async () => {
    const { chat, client } = await setUp();
    client.write(head('Content-Length: 2') + '{}' + hidden + head('Content-Length: 1') + '1');
    await client.until(/(?:200 OK[^]*){3}/);
    expect(chat.seen.map(({ method, url }) => `${method} ${url}`).sort()).toEqual(
      [`GET /api/v1/sessions`, `POST ${MESSAGES}`, `POST ${MESSAGES}`].sort(),
    );
  });

  it('in absolute form goes to nobody but us', async () => {
    const { chat, client } = await setUp();
    client.write(
      'GET http://169.254.169.254/api/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n\r\n',
    );
    await client.until(/nest/);
    expect(chat.seen).toHaveLength(0);
  });
});
