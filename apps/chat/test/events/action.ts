import type { World } from './world.js';

/** Makes what has to be there before, and returns the action itself. */
export type Action = (world: World) => Promise<() => Promise<unknown>>;
