import { startInstance, type EngineName, type Instance } from '../../../deploy/local/instance.mjs';

/**
 * A throwaway engine of `npm start`, for when the suite is run by hand and nobody named one. Each test file
 * starts its own; `npm test` gives one to all by TEST_*_URL.
 */
export const ownEngine = (name: EngineName): Promise<Instance> =>
  startInstance({ services: [], engines: [name], durable: false });
