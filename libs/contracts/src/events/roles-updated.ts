import { z } from 'zod';
import { Role } from '../http/roles.js';
import { event } from './envelope.js';

/** All custom roles of the workspace, in the order of their names; the highest `version` wins. */
export const RolesUpdated = event('roles.updated', z.object({ roles: z.array(Role), version: z.int() }));
export type RolesUpdated = z.infer<typeof RolesUpdated>;
