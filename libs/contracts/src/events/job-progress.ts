import { z } from 'zod';
import { Job } from '../http/jobs.js';
import { event } from './envelope.js';

/** To all devices of whoever started it: at most two a second while it runs, and always its end. */
export const JobProgress = event('job.progress', z.object({ job: Job }));
export type JobProgress = z.infer<typeof JobProgress>;
