import { z } from 'zod';
import { Group } from '../http/groups.js';
import { event } from './envelope.js';

/** To everyone in the workspace but guests: created, changed, or other people are in it. */
export const GroupUpdated = event('group.updated', z.object({ group: Group }));
export type GroupUpdated = z.infer<typeof GroupUpdated>;
