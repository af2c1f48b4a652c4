import type { Options } from '../options.ts';
import { startLimit, startNaive, type Peer } from '../peers/start.ts';
import { enginesOf, startEnginesOnly, type Engines } from './engines.ts';
import { startProduct, type Product } from './product.ts';
import type { Subject } from './subject.ts';

/** What a scenario measures: the product, if it takes part, and its peers, on the same engines. */
export interface Bed {
  readonly product: Product | null;
  readonly limit: Peer;
  readonly naive: Peer;
  readonly engines: Engines;
  /** The product directly and through the gateway, and the two peers. */
  readonly subjects: readonly Subject[];
}

/** Makes a throwaway instance and the peers, and removes them whatever happens. */
export async function withBed<T>(options: Options, run: (bed: Bed) => Promise<T>): Promise<T> {
  const product = options.peersOnly ? null : await startProduct({ complete: options.complete });
  const alone = product === null ? await startEnginesOnly() : null;
  const started: Peer[] = [];
  try {
    const engines = product?.engines ?? (alone && enginesOf(alone));
    if (engines === null) throw new Error('no engines');
    const limit = await startLimit(engines);
    started.push(limit);
    const naive = await startNaive(engines);
    started.push(naive);
    const subjects = [...(product ? [product.direct, product.gateway] : []), limit, naive];
    return await run({ product, limit, naive, engines, subjects });
  } finally {
    await Promise.allSettled(started.map((peer) => peer.stop()));
    await product?.stop();
    await alone?.stop();
  }
}
