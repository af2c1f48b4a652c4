import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const AFTER_MS = 4000;

/**
 * Loading modules leaves some 30 MB of garbage behind, which V8 keeps until the heap grows: on an idle
 * service for ever. One collection, once the start is over, gives it back.
 */
export const returnStartupMemory = (): void => {
  setTimeout(() => {
    // V8 has no other door to its collector for a process that was started without the flag.
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
    collect();
  }, AFTER_MS).unref();
};
