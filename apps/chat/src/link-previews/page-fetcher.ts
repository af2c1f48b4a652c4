import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { guardedLookup, type OutboundPolicy, type Resolve } from '#outbound';

export type Wanted = {
  /** Content types, without parameters. */
  types: readonly string[];
  maxBytes: number;
  /** What comes behind `maxBytes`: not read, or a reason to take nothing. */
  beyond: 'cut' | 'refuse';
};
export type Fetched = { url: string; contentType: string; body: Buffer };

/** Not fetched: not allowed, not there, or not what was wanted. */
export class NotFetched extends Error {
  override readonly name = 'NotFetched';
}

const MAX_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const TOTAL_MS = 5000;

/**
 * Fetches what someone else wrote the address of. Each connection goes to an address that the policy was
 * asked about, and to no other: a name is resolved once per connection, by us, so that it can't lead
 * elsewhere between the check and the connection. Redirects are followed by hand, each checked like the first.
 */
export class PageFetcher {
  // Connections are never shared between requests, nor do they go by a proxy of the environment.
  private readonly agents = {
    http: new HttpAgent({ keepAlive: false }),
    https: new HttpsAgent({ keepAlive: false }),
  };
  private readonly lookup: LookupFunction;

  constructor(
    private readonly policy: OutboundPolicy,
    private readonly userAgent: string,
    resolve?: Resolve,
    private readonly totalMs = TOTAL_MS,
  ) {
    this.lookup = guardedLookup(policy, resolve);
  }

  /** Throws `NotFetched`; never takes longer than the time there is, however slowly the other side talks. */
  async fetch(address: string, wanted: Wanted, signal?: AbortSignal): Promise<Fetched> {
    const timeout = AbortSignal.timeout(this.totalMs);
    const limit = signal ? AbortSignal.any([timeout, signal]) : timeout;
    try {
      return await this.follow(new URL(address), wanted, limit);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw error instanceof NotFetched ? error : new NotFetched((error as Error).message, { cause: error });
    }
  }

  private async follow(start: URL, wanted: Wanted, signal: AbortSignal): Promise<Fetched> {
    let url = start;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const reply = await this.request(url, wanted, signal);
      const location = reply.headers.location;
      if (!REDIRECTS.has(reply.statusCode ?? 0) || location === undefined)
        return this.read(reply, url, wanted, signal);
      reply.destroy();
      if (!URL.canParse(location, url.href)) throw new NotFetched('redirected to what is no address');
      url = new URL(location, url);
    }
    throw new NotFetched('redirected too often');
  }

  private request(url: URL, { types }: Wanted, signal: AbortSignal): Promise<IncomingMessage> {
    if (!this.policy.allowsUrl(url)) throw new NotFetched('this URL is not allowed');
    if (!this.policy.allowsHost(url)) throw new NotFetched('this address is not allowed');
    const secure = url.protocol === 'https:';
    const options: RequestOptions = {
      agent: secure ? this.agents.https : this.agents.http,
      lookup: this.lookup,
      signal,
      maxHeaderSize: 16 * 1024,
      headers: { accept: types.join(', '), 'accept-encoding': 'gzip, br', 'user-agent': this.userAgent },
    };
    return new Promise((resolve, reject) => {
      (secure ? httpsRequest : httpRequest)(url, options, resolve).once('error', reject).end();
    });
  }

  private async read(
    reply: IncomingMessage,
    url: URL,
    wanted: Wanted,
    signal: AbortSignal,
  ): Promise<Fetched> {
    const { statusCode = 0, headers } = reply;
    const contentType = headers['content-type'] ?? '';
    const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    if (statusCode < 200 || statusCode > 299 || !wanted.types.includes(type)) {
      reply.destroy();
      throw new NotFetched(`answered ${statusCode} ${type}`);
    }
    const body = await readBody(reply, headers['content-encoding'], wanted, signal);
    return { url: url.href, contentType, body };
  }
}

const decoderOf = (encoding = 'identity') => {
  switch (encoding.trim().toLowerCase()) {
    case 'identity':
      return null;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      throw new NotFetched('is in an unknown encoding');
  }
};

/** At most `maxBytes`, received and unpacked: what is small on the wire can be endless. */
const readBody = async (
  reply: IncomingMessage,
  encoding: string | undefined,
  { maxBytes, beyond }: Wanted,
  signal: AbortSignal,
): Promise<Buffer> => {
  const decoder = decoderOf(encoding);
  const source: Readable = decoder ? reply.pipe(decoder) : reply;
  const stop = () => source.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  reply.once('error', (error) => source.destroy(error));
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= maxBytes) continue;
      if (beyond === 'refuse') throw new NotFetched('is too large');
      break;
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', stop);
    source.destroy();
    reply.destroy();
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
};
