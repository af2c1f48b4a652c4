import { z } from 'zod';
import { User } from '../http/accounts.js';
import { event } from './envelope.js';

/** What others see of a person changed; the higher `version` is newer. */
export const UserUpdated = event('user.updated', z.object({ user: User }));
export type UserUpdated = z.infer<typeof UserUpdated>;
