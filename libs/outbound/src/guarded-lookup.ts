import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { OutboundPolicy } from './outbound-policy.js';

export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

/** Not where we may go. */
export class OutboundRefused extends Error {
  override readonly name = 'OutboundRefused';
}

const resolveBySystem: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

/**
 * The `lookup` of a connection. All addresses of the name must be allowed: one that leads inside as well is
 * not to be trusted. An address needs no lookup, so this does not see it: ask `policy.allowsHost` before.
 */
export const guardedLookup =
  (policy: OutboundPolicy, resolve: Resolve = resolveBySystem): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (!first || !addresses.every(({ address }) => policy.allowsAddress(address)))
          callback(new OutboundRefused('this name leads where it must not'), '', 0);
        else if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, '', 0),
    );
  };
