import type {
  Job,
  JobErrorCode,
  JobId,
  JobKind,
  JobState,
  ProblemCode,
  UserId,
  WorkspaceId,
} from '#contracts';
import type { Permission } from '../access/permission.js';

export type OperationRow = {
  id: JobId;
  workspaceId: WorkspaceId;
  kind: JobKind;
  state: JobState;
  dryRun: boolean;
  /** An export of everything, private channels and direct conversations too. */
  whole: boolean;
  done: number;
  total: number | null;
  unit: Job['progress']['unit'];
  /** How far it has come, in the words of its kind; null before its first step. */
  checkpoint: unknown;
  result: Record<string, number>;
  errorCount: number;
  problem: ProblemCode | null;
  downloadableUntil: Date | null;
  startedBy: UserId;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  /** Grows with each committed step: whoever goes on from an older one is not the owner any more. */
  step: number;
  /** Starts since it last made a step. */
  stalls: number;
  version: number;
};

/** Something that was left out. */
export type Omission = {
  file?: string | null;
  line?: number | null;
  pointer: string;
  code: JobErrorCode;
  detail: string;
};

/** What a step did, beside the work itself. */
export type Step = {
  checkpoint: unknown;
  done: number;
  total?: number;
  /** Added to the counts. */
  counts?: Record<string, number>;
  omissions?: readonly Omission[];
};

/** What one must be allowed to do to start it. */
export const needed: Record<JobKind, Permission> = {
  csv_users: 'member.bulk',
  csv_channels: 'workspace.import',
  slack_import: 'workspace.import',
  slack_export: 'workspace.export',
};

export const unitOf: Record<JobKind, OperationRow['unit']> = {
  csv_users: 'rows',
  csv_channels: 'rows',
  slack_import: 'files',
  slack_export: 'channels',
};

/** More of them are counted, not kept: whoever has that many has another problem than their wording. */
export const MAX_OMISSIONS = 10_000;
/** Starts without a step between them, after which it is given up. */
export const MAX_STALLS = 5;
export const RESULT_HOURS = 24;

export const sum = (a: Record<string, number>, b: Record<string, number> = {}): Record<string, number> => {
  const total = { ...a };
  for (const [name, count] of Object.entries(b)) total[name] = (total[name] ?? 0) + count;
  return total;
};

const iso = (date: Date | null) => date?.toISOString() ?? null;

export const presentOperation = (row: OperationRow, now: Date): Job => ({
  id: row.id,
  workspaceId: row.workspaceId,
  kind: row.kind,
  state: row.state,
  dryRun: row.dryRun,
  progress: { done: row.done, total: row.total, unit: row.unit },
  result: row.result,
  errorCount: row.errorCount,
  problem: row.problem,
  downloadableUntil: row.downloadableUntil && row.downloadableUntil > now ? iso(row.downloadableUntil) : null,
  startedBy: row.startedBy,
  createdAt: row.createdAt.toISOString(),
  startedAt: iso(row.startedAt),
  finishedAt: iso(row.finishedAt),
  version: row.version,
});
