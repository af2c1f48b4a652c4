import { z } from 'zod';
import { JobId, Timestamp, UserId, WorkspaceId } from '../ids.js';
import { pageOf } from '../page.js';
import { problemCodes, type ProblemCode } from '../problem.js';

/** Largest uploads, in bytes. */
export const MAX_CSV_BYTES = 5 * 1024 * 1024;
export const MAX_SLACK_ARCHIVE_BYTES = 1024 * 1024 * 1024;

export const JobKind = z.enum(['csv_users', 'csv_channels', 'slack_import', 'slack_export']);
export type JobKind = z.infer<typeof JobKind>;

/** `queued → running → done | failed`; `cancelled` instead at any time before the end. */
export const JobState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled']);
export type JobState = z.infer<typeof JobState>;

/** Work in the background that whoever started it can watch. What it did until it was cancelled stays done. */
export const Job = z.object({
  id: JobId,
  workspaceId: WorkspaceId,
  kind: JobKind,
  state: JobState,
  /** Nothing is changed, only checked. */
  dryRun: z.boolean(),
  progress: z.object({
    done: z.int(),
    /** Null as long as it is not known. */
    total: z.int().nullable(),
    unit: z.enum(['rows', 'files', 'channels']),
  }),
  /** Counts of what came of it, e.g. `{ "created": 12, "unchanged": 3 }`; grows while it runs. */
  result: z.record(z.string(), z.int()),
  /** How many parts of the source were left out; `GET /jobs/{jobId}/errors` lists them. */
  errorCount: z.int(),
  /** Why it failed. */
  problem: z.enum(problemCodes as [ProblemCode, ...ProblemCode[]]).nullable(),
  /** Until when `GET /jobs/{jobId}/result` gives the file of an export; null when there is none. */
  downloadableUntil: Timestamp.nullable(),
  startedBy: UserId,
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  finishedAt: Timestamp.nullable(),
  version: z.int(),
});
export type Job = z.infer<typeof Job>;
export const JobPage = pageOf(Job);
export type JobPage = z.infer<typeof JobPage>;

export const JobErrorCode = z.enum([
  /** A file or row that can't be read. */
  'malformed',
  /** A value that doesn't fit. */
  'invalid',
  /** The same thing twice in one source. */
  'duplicate',
  /** Something that is referred to, and isn't there. */
  'unknown',
  /** The workspace has something else in its place. */
  'conflict',
  /** More than we keep; it was shortened. */
  'shortened',
]);
export type JobErrorCode = z.infer<typeof JobErrorCode>;

export const JobError = z.object({
  position: z.int(),
  /** Of the archive; null when the source is one file. */
  file: z.string().nullable(),
  /** The line of a CSV file, or the place (from 1) in a list of an archive. */
  line: z.int().nullable(),
  /** What in it: the column or property, as a JSON pointer. */
  pointer: z.string(),
  code: JobErrorCode,
  detail: z.string(),
});
export type JobError = z.infer<typeof JobError>;
export const JobErrorPage = pageOf(JobError);
export type JobErrorPage = z.infer<typeof JobErrorPage>;

export const ImportQuery = z.strictObject({ dryRun: z.stringbool().default(false) });
export type ImportQuery = z.infer<typeof ImportQuery>;
