import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.parse>;
export type Network = ReturnType<typeof ipaddr.parseCIDR>;

/** Global addresses are handed out of here; the rest of IPv6 is reserved or has a meaning of its own. */
const GLOBAL_V6 = ipaddr.parseCIDR('2000::/3');

const within = (address: Address, [network, bits]: Network): boolean =>
  address.kind() === network.kind() && address.match([network, bits] as never);

const isPublic = (address: Address): boolean => {
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || within(address, GLOBAL_V6);
};

/** `10.1.0.0/16, fd00::/8`; throws for anything else. */
export const parseNetworks = (text: string): Network[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => ipaddr.parseCIDR(part));

export const isNetworkList = (text: string): boolean => {
  try {
    parseNetworks(text);
    return true;
  } catch {
    return false;
  }
};

/**
 * Whom this service may talk to on behalf of someone else: the public internet on the ports of the web, and
 * whatever else the operator names. Never a link-local address, where clouds keep their secrets.
 */
export class OutboundPolicy {
  constructor(
    private readonly ports: readonly number[] = [80, 443],
    private readonly networks: readonly Network[] = [],
  ) {}

  /** What an address says of itself decides, so `::ffff:127.0.0.1` is 127.0.0.1. */
  allowsAddress(text: string): boolean {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    if (isPublic(address)) return true;
    return address.range() !== 'linkLocal' && this.networks.some((network) => within(address, network));
  }

  /** Whether the host of a URL is a name, which `guardedLookup` will judge, or an address that is allowed. */
  allowsHost({ hostname }: URL): boolean {
    const host = hostname.replace(/^\[|\]$/g, '');
    return isIP(host) === 0 || this.allowsAddress(host);
  }

  /** Of a URL without regard to where its name leads. */
  allowsUrl(url: URL): boolean {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return false;
    if (url.username !== '' || url.password !== '') return false;
    const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443));
    return this.ports.includes(port);
  }
}
