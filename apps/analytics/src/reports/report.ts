import type { WorkspaceRole } from '#contracts';

/** Reports tell about everyone, so only those who answer for the workspace may read them. */
export const mayReadReports = (role: WorkspaceRole): boolean => role === 'owner' || role === 'admin';

/** Midnight (UTC) that begins a report of so many days, the last of which is today. */
export const firstDay = (now: Date, days: number): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - (days - 1)));
