import { z } from 'zod';
import { SavedItem } from '../http/saved-items.js';
import { event } from './envelope.js';

/** To all devices of the person who saved it. */
export const SavedItemUpdated = event('saved_item.updated', z.object({ item: SavedItem }));
export type SavedItemUpdated = z.infer<typeof SavedItemUpdated>;
