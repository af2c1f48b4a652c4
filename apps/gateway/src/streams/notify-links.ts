import { lookup } from 'node:dns/promises';
import { openLink, type EdgeOptions, type OpenedLink } from '#streams';
import type { Upstream } from '../upstreams/upstream.js';
import { NotifyLink, type LinkWatch } from './notify-link.js';

/** The other end has only to take a socket over, but it may be busy. */
const REPLY_MS = 10_000;
/** Where the kernel or a proxy spreads connections by chance, the process that is missing may take a few. */
const TRIES = 6;

/**
 * The links to one address of `NOTIFY_URL`: one to each process there. A name may stand for several hosts,
 * a port for several workers (they tell how many), and what is behind a proxy only the operator knows.
 */
export class NotifyLinks {
  private readonly links: NotifyLink[] = [];

  constructor(
    private readonly upstream: Upstream,
    private readonly atLeast: number,
    private readonly options: EdgeOptions,
    private readonly watch: LinkWatch,
  ) {
    this.grow(atLeast);
  }

  /** The one with the fewest streams. */
  pick(): NotifyLink {
    return this.links.reduce((least, other) => (other.streams < least.streams ? other : least));
  }

  close(reason: string): void {
    for (const link of this.links) link.close(reason);
  }

  private grow(wanted: number): void {
    while (this.links.length < wanted)
      this.links.push(new NotifyLink(this.upstream, this.options, this.watch, this.make));
  }

  /** Prefers a process that has no link yet, and a host that answers. */
  private readonly make = async (link: NotifyLink): Promise<OpenedLink> => {
    const { address, connectMs } = this.upstream;
    const hosts = await hostsOf(address.host);
    const first = this.links.indexOf(link);
    let error: unknown;
    for (let attempt = 0; attempt < Math.max(TRIES, hosts.length); attempt++) {
      const host = hosts[(first + attempt) % hosts.length] as string;
      try {
        const made = await openLink({ ...address, host }, { connectMs, replyMs: REPLY_MS });
        this.grow(Math.max(this.atLeast, hosts.length * made.siblings));
        const known = this.links.some(({ process }) => process === made.process);
        if (known && attempt < TRIES - 1) {
          made.socket.destroy();
          continue;
        }
        link.process = made.process;
        return made;
      } catch (cause) {
        error = cause;
        if (attempt >= hosts.length - 1) break;
      }
    }
    throw error;
  };
}

/** Of one family: on a machine with two, both names of it would be the same process. */
const hostsOf = async (host: string): Promise<string[]> => {
  const found = await lookup(host, { all: true, order: 'ipv4first' });
  return found
    .filter(({ family }) => family === found[0]?.family)
    .map(({ address }) => address)
    .sort();
};
