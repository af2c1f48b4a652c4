import { z } from 'zod';
import { Sidebar } from '../http/sidebar.js';
import { event } from './envelope.js';

/** To all devices of the person. */
export const SidebarUpdated = event('sidebar.updated', z.object({ sidebar: Sidebar }));
export type SidebarUpdated = z.infer<typeof SidebarUpdated>;
