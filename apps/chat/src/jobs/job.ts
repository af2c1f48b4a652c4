import type { z } from 'zod';

/**
 * Where a job waits. Each lane is polled once a second, whatever the number of kinds of jobs in it, so
 * there are few: what is done in seconds must not wait behind what takes minutes, nor behind the servers of
 * strangers.
 */
export type Lane = 'quick' | 'outside' | 'long';
export const LANES: Record<Lane, { batchSize: number; localConcurrency: number }> = {
  quick: { batchSize: 10, localConcurrency: 2 },
  outside: { batchSize: 5, localConcurrency: 4 },
  long: { batchSize: 1, localConcurrency: 1 },
};

export type JobOptions = {
  lane?: Lane;
  /** How often it is tried again, with growing pauses, before it is put aside as failed. */
  retryLimit?: number;
  /** A handler that takes longer is given up, and the job tried again. */
  expireInSeconds?: number;
};

/** A kind of job: what it is called and what it carries. Made once, beside its handler. */
export type JobDefinition<Schema extends z.ZodType = z.ZodType> = Required<JobOptions> & {
  name: string;
  schema: Schema;
};

export const job = <Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  options: JobOptions = {},
): JobDefinition<Schema> => ({
  name,
  schema,
  lane: options.lane ?? 'quick',
  retryLimit: options.retryLimit ?? 8,
  expireInSeconds: options.expireInSeconds ?? (options.lane === 'long' ? 3600 : 60),
});

/** What is stored: the lane alone doesn't tell the kind. */
export type Envelope = { job: string; data: unknown; traceparent: string | null };

/** Keys are per kind of job; pg-boss takes `[\w.\-/]`. */
export const keyOf = ({ name }: { name: string }, key: string): string =>
  `${name}/${key.replaceAll(/[^\w.\-/]/g, '_')}`;
