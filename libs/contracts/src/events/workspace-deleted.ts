import { z } from 'zod';
import { WorkspaceId } from '../ids.js';
import { event } from './envelope.js';

/** The workspace is no more: all its streams end after this. */
export const WorkspaceDeleted = event('workspace.deleted', z.object({ workspaceId: WorkspaceId }));
export type WorkspaceDeleted = z.infer<typeof WorkspaceDeleted>;
