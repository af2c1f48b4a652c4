import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openStream, parseFrame, StreamRefused } from './stream.js';

describe('an event stream', () => {
  let server: Server;
  const serve = async (handler: Parameters<typeof createServer>[1]): Promise<string> => {
    server = createServer(handler as never);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  it('is read frame by frame however the bytes are cut', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(
        `retry: 500\nid: a-1\nevent: message.created\ndata: {"for":"${request.headers.authorization}",`,
      );
      setTimeout(() => response.write('\ndata: "é":1}\n\n: heartbeat\n\nid: a-2\ndata: x\n\n'), 20);
    });
    const stream = await openStream(url, 'token');
    expect(await stream.next()).toEqual({
      retry: 500,
      id: 'a-1',
      event: 'message.created',
      data: '{"for":"Bearer token",\n"é":1}',
    });
    expect(await stream.next((frame) => frame.comment !== undefined)).toMatchObject({ comment: 'heartbeat' });
    expect(await stream.next()).toMatchObject({ id: 'a-2', event: 'message', data: 'x' });
    await expect(stream.next(undefined, 30)).rejects.toThrow('no frame within');
    await stream.close();
    await expect(stream.next()).rejects.toThrow('has ended');
  });

  it('passes the position to resume from and ends with the server', async () => {
    const url = await serve((request, response) => {
      response.end(`data: ${request.headers['last-event-id'] as string}\n\n`);
    });
    const stream = await openStream(url, 'token', 'a-7');
    const frames = [];
    for await (const frame of stream) frames.push(frame.data);
    expect(frames).toEqual(['a-7']);
  });

  it('is not opened by an error reply', async () => {
    const url = await serve((_request, response) => response.writeHead(401).end('{"code":"x"}'));
    const refused = await openStream(url, 'token').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StreamRefused);
    expect(refused).toMatchObject({ status: 401, body: '{"code":"x"}' });
  });

  it('has fields without a value', () => {
    expect(parseFrame('data\nid')).toEqual({ id: '', event: 'message', data: '' });
  });
});
