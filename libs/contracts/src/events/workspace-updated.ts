import { z } from 'zod';
import { Workspace } from '../http/workspaces.js';
import { event } from './envelope.js';

/** The highest `workspace.version` wins. */
export const WorkspaceUpdated = event('workspace.updated', z.object({ workspace: Workspace }));
export type WorkspaceUpdated = z.infer<typeof WorkspaceUpdated>;
