import { z } from 'zod';
import { GroupId } from '../ids.js';
import { event } from './envelope.js';

/** To everyone in the workspace but guests. */
export const GroupDeleted = event('group.deleted', z.object({ groupId: GroupId }));
export type GroupDeleted = z.infer<typeof GroupDeleted>;
