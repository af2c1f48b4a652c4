import { Foundation1763700000000 } from './1763700000000-foundation.js';
import { Images1764000060000 } from './1764000060000-images.js';

/** In the order they run. */
export const migrations = [Foundation1763700000000, Images1764000060000];
