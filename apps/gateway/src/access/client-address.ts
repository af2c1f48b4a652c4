import { isIP } from 'node:net';

export type ClientAddress = { ip: string; /** `X-Forwarded-For` for the upstream. */ forwardedFor: string };

/**
 * The client's address: the peer's, or with `hops` trusted proxies in front the one the outermost of them
 * saw. What stands further left in `X-Forwarded-For` anybody could have written.
 */
export const clientAddress = (
  peer: string | undefined,
  forwardedFor: string | string[] | undefined,
  hops: number,
): ClientAddress => {
  const own = plain(peer ?? '');
  if (hops === 0 || forwardedFor === undefined) return { ip: own, forwardedFor: own };
  const chain = [
    ...String(forwardedFor)
      .split(',')
      .map((part) => plain(part.trim())),
    own,
  ];
  const ip = chain.at(-1 - hops) ?? chain[0] ?? own;
  const trusted = chain.slice(-1 - hops);
  return isIP(ip) ? { ip, forwardedFor: trusted.join(', ') } : { ip: own, forwardedFor: own };
};

/** IPv4 in its IPv6 clothes is IPv4. */
const plain = (ip: string): string => (ip.startsWith('::ffff:') && ip.includes('.') ? ip.slice(7) : ip);

/** One subscriber owns a /64, so limits count networks of IPv6, not addresses. */
export const limitedNetwork = (ip: string): string => {
  if (isIP(ip) !== 6) return ip;
  const [head = '', tail] = ip.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')}::/64`;
};
