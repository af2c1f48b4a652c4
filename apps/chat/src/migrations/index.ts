import { Foundation1763700000000 } from './1763700000000-foundation.js';

/** In the order they run. */
export const migrations = [Foundation1763700000000];
