import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';

export type Address = { host: string; port: number; /** For `Host` and for people. */ authority: string };

export const addressOf = (base: string): Address => {
  const url = new URL(base);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 80), authority: url.host };
};

const TTL_MS = 5000;

/**
 * `dns.lookup` occupies one of four threads per call, and a reconnect storm makes thousands: answers are
 * kept for a few seconds, and concurrent questions share one.
 */
export const cachedLookup = (
  resolve: typeof lookup = lookup,
  now: () => number = Date.now,
): LookupFunction => {
  const cache = new Map<string, { until: number; answer: Promise<{ address: string; family: number }> }>();
  const ask = (host: string) => {
    const known = cache.get(host);
    if (known && known.until > now()) return known.answer;
    const answer = new Promise<{ address: string; family: number }>((done, failed) => {
      resolve(host, { order: 'ipv4first' }, (error, address, family) => {
        if (!error) return done({ address, family });
        cache.delete(host);
        failed(error);
      });
    });
    cache.set(host, { until: now() + TTL_MS, answer });
    return answer;
  };
  return (host, options, callback) => {
    ask(host).then(
      (found) => (options.all ? callback(null, [found]) : callback(null, found.address, found.family)),
      (error: NodeJS.ErrnoException) => callback(error, '', isIP(host)),
    );
  };
};
