import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OutboundPolicy, parseNetworks, type Resolve } from '#outbound';
import { NotFetched, PageFetcher } from '../src/link-previews/page-fetcher.js';

const HTML = { types: ['text/html'], maxBytes: 1024 * 1024, beyond: 'cut' } as const;
const page: RequestListener = (_request, response) =>
  response.setHeader('content-type', 'text/html; charset=utf-8').end('<title>hello</title>');

/** In these tests 127.0.0.1 stands for the public internet, and 127.0.0.2 for the intranet. */
describe('fetching what someone else wrote the address of', () => {
  let server: Server;
  let port: number;
  let listener: RequestListener;
  let seen: string[];
  beforeEach(async () => {
    listener = page;
    seen = [];
    server = createServer((request, response) => {
      seen.push(`${request.socket.localAddress} ${request.url}`);
      listener(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const names: Record<string, string[]> = {
    'public.example': ['127.0.0.1'],
    'intranet.example': ['127.0.0.2'],
    'both.example': ['127.0.0.1', '127.0.0.2'],
    'mapped.example': ['::ffff:127.0.0.2'],
    'none.example': [],
  };
  const resolve: Resolve = async (name) =>
    (names[name] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const fetcher = (how = resolve, totalMs = 2000) =>
    new PageFetcher(new OutboundPolicy([port], parseNetworks('127.0.0.1/32')), 'Parley', how, totalMs);
  const at = (host: string, path = '/') => `http://${host}:${port}${path}`;
  const refused = (promise: Promise<unknown>) => expect(promise).rejects.toBeInstanceOf(NotFetched);

  it('brings a page', async () => {
    const { body, url, contentType } = await fetcher().fetch(at('public.example'), HTML);
    expect([body.toString(), url, contentType]).toEqual([
      '<title>hello</title>',
      at('public.example'),
      'text/html; charset=utf-8',
    ]);
  });

  it.each([
    'intranet.example',
    'both.example',
    'mapped.example',
    'none.example',
    '127.0.0.2',
    '[::1]',
    '[::ffff:127.0.0.2]',
    '2130706434',
    '0x7f000002',
    '0177.0.0.2',
    'localhost',
  ])('goes nowhere that is not public: %s', async (host) => {
    await refused(
      fetcher(host === 'localhost' ? async () => [{ address: '127.0.0.2', family: 4 }] : resolve).fetch(
        at(host),
        HTML,
      ),
    );
    expect(seen).toEqual([]);
  });

  it('goes nowhere but over HTTP and the ports of the web', async () => {
    await refused(fetcher().fetch(`http://public.example:${port + 1}/`, HTML));
    await refused(fetcher().fetch(`http://user:pass@public.example:${port}/`, HTML));
    await refused(fetcher().fetch('file:///etc/passwd', HTML));
    expect(seen).toEqual([]);
  });

  it('follows redirects, each checked like the first, and three at most', async () => {
    listener = (request, response) => {
      const hops = Number(request.url?.slice(1));
      if (hops > 0) response.writeHead(302, { location: `/${hops - 1}` }).end();
      else page(request, response);
    };
    expect((await fetcher().fetch(at('public.example', '/3'), HTML)).url).toBe(at('public.example', '/0'));
    await refused(fetcher().fetch(at('public.example', '/4'), HTML));
  });

  it.each([
    () => at('intranet.example'),
    () => at('127.0.0.2'),
    () => at('[::ffff:7f00:2]'),
    () => 'http://169.254.169.254/latest/meta-data/',
    () => 'file:///etc/passwd',
    () => `//intranet.example:${port}/`,
    () => 'http://[',
    () => at('public.example', '/loop'),
  ])('does not follow a redirect inside, or without end (%#)', async (location) => {
    listener = (_request, response) => response.writeHead(301, { location: location() }).end();
    await refused(fetcher().fetch(at('public.example', '/start'), HTML));
    expect(seen.filter((line) => !line.startsWith('127.0.0.1 '))).toEqual([]);
  });

  it('connects to the very address that was checked, though the name leads elsewhere a moment later', async () => {
    let asked = 0;
    const rebinding: Resolve = async () => [
      { address: asked++ === 0 ? '127.0.0.1' : '127.0.0.2', family: 4 },
    ];
    await fetcher(rebinding).fetch(at('rebinding.example'), HTML);
    expect([asked, seen]).toEqual([1, ['127.0.0.1 /']]);
    asked = 0;
    seen = [];
    listener = (_request, response) => response.writeHead(302, { location: '/again' }).end();
    await refused(fetcher(rebinding).fetch(at('rebinding.example'), HTML));
    expect([asked, seen]).toEqual([2, ['127.0.0.1 /']]);
  });

  it.each(['application/pdf', 'application/json', 'image/svg+xml', ''])(
    'takes no %j for a page',
    async (type) => {
      listener = (_request, response) => {
        if (type) response.setHeader('content-type', type);
        response.end('<title>hello</title>');
      };
      await refused(fetcher().fetch(at('public.example'), HTML));
    },
  );

  it.each([404, 500, 304])('takes nothing of an answer %i', async (status) => {
    listener = (_request, response) => response.writeHead(status, { 'content-type': 'text/html' }).end();
    await refused(fetcher().fetch(at('public.example'), HTML));
  });

  it('gives up on who drips or says nothing at all, when the time is up', async () => {
    const started = performance.now();
    listener = () => undefined;
    await refused(fetcher(resolve, 300).fetch(at('public.example'), HTML));
    listener = (_request, response) => {
      response.setHeader('content-type', 'text/html');
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    };
    await refused(fetcher(resolve, 300).fetch(at('public.example'), HTML));
    await refused(fetcher(() => new Promise(() => undefined), 300).fetch(at('public.example'), HTML));
    // A drip has no end of its own.
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('reads a body without end up to its limit, or takes none of it', async () => {
    listener = (_request, response) => {
      response.setHeader('content-type', 'text/html');
      const more = () =>
        void (response.write(Buffer.alloc(65_536, 'x')) ? setImmediate(more) : response.once('drain', more));
      more();
    };
    const { body } = await fetcher().fetch(at('public.example'), HTML);
    expect(body).toHaveLength(HTML.maxBytes);
    await refused(fetcher().fetch(at('public.example'), { ...HTML, beyond: 'refuse' }));
  });

  it('unpacks what is packed, and stops at a bomb', async () => {
    const packed = (bytes: Buffer) =>
      (listener = (_request, response) =>
        response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' }).end(bytes));
    packed(gzipSync('<title>packed</title>'));
    expect((await fetcher().fetch(at('public.example'), HTML)).body.toString()).toBe('<title>packed</title>');
    packed(gzipSync(Buffer.alloc(256 * 1024 * 1024)));
    const before = process.memoryUsage().arrayBuffers;
    const { body } = await fetcher().fetch(at('public.example'), HTML);
    expect(body).toHaveLength(HTML.maxBytes);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
    packed(Buffer.from('not packed at all'));
    await refused(fetcher().fetch(at('public.example'), HTML));
    listener = (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'zstd' }).end('x');
    await refused(fetcher().fetch(at('public.example'), HTML));
  });

  it('survives heads without end and connections that break', async () => {
    listener = (_request, response) => response.writeHead(200, { 'x-long': 'x'.repeat(20_000) }).end();
    await refused(fetcher().fetch(at('public.example'), HTML));
    listener = (request) => request.socket.destroy();
    await refused(fetcher().fetch(at('public.example'), HTML));
    listener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html', 'content-length': '100' });
      response.write('half');
      setTimeout(() => response.destroy(), 20);
    };
    await refused(fetcher().fetch(at('public.example'), HTML));
  });

  it('stops when its caller does', async () => {
    listener = () => undefined;
    const stop = new AbortController();
    const fetching = fetcher().fetch(at('public.example'), HTML, stop.signal);
    setTimeout(() => stop.abort(new Error('stopped')), 50);
    await expect(fetching).rejects.toThrow('stopped');
  });
});
