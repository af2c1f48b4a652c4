import { z } from 'zod';
import { Draft } from '../http/drafts.js';
import { event } from './envelope.js';

/** To all devices of its author. */
export const DraftUpdated = event('draft.updated', z.object({ draft: Draft }));
export type DraftUpdated = z.infer<typeof DraftUpdated>;
