import { z } from 'zod';
import * as jobs from '../http/jobs.js';
import { JobId } from '../ids.js';
import { PageQuery } from '../page.js';
import { adminsOnly, inWorkspace, type Access } from './access.js';
import { params, type Route } from './route.js';

const j = z.strictObject({ jobId: JobId });
const hidden = 'job.not_found' as const;
/** Whoever started the job, here the owner: for everyone else it does not exist. */
const ofStarter: Access = {
  anonymous: 'auth.unauthenticated',
  stranger: hidden,
  removed: hidden,
  guest: hidden,
  member: hidden,
  admin: hidden,
  owner: 'ok',
  bot: hidden,
};

const start = {
  method: 'POST',
  service: 'chat',
  tag: 'jobs',
  access: adminsOnly(inWorkspace),
  params: params.w,
  status: 202,
  response: jobs.Job,
} as const;
const upload = { ...start, query: jobs.ImportQuery, streamed: true } as const;
const csv = { ...upload, consumes: ['text/csv'], maxBodyBytes: jobs.MAX_CSV_BYTES } as const;

export const jobsRoutes = {
  importUsers: {
    ...csv,
    path: '/workspaces/:workspaceId/imports/csv-users',
    summary: 'Add people from a CSV file: email, name, role, title, channels',
    errors: ['workspace.not_found', 'permission.denied', 'job.already_running', 'import.unreadable'],
  },
  importChannels: {
    ...csv,
    path: '/workspaces/:workspaceId/imports/csv-channels',
    summary: 'Add channels from a CSV file: name, kind, topic, description, members',
    errors: ['workspace.not_found', 'permission.denied', 'job.already_running', 'import.unreadable'],
  },
  importSlack: {
    ...upload,
    path: '/workspaces/:workspaceId/imports/slack',
    summary: 'Import the zip file of a Slack export; importing again adds only what is new',
    consumes: ['application/zip'],
    maxBodyBytes: jobs.MAX_SLACK_ARCHIVE_BYTES,
    errors: ['workspace.not_found', 'permission.denied', 'job.already_running', 'import.unreadable'],
  },
  exportSlack: {
    ...start,
    path: '/workspaces/:workspaceId/exports/slack',
    summary:
      'Export the workspace in the format of Slack; for owners with private channels and direct messages',
    errors: ['workspace.not_found', 'permission.denied', 'job.already_running'],
  },
  listJobs: {
    method: 'GET',
    path: '/workspaces/:workspaceId/jobs',
    service: 'chat',
    tag: 'jobs',
    summary: 'Jobs that I started, the newest first',
    access: inWorkspace,
    params: params.w,
    query: PageQuery,
    status: 200,
    response: jobs.JobPage,
    errors: ['workspace.not_found'],
  },
  getJob: {
    method: 'GET',
    path: '/jobs/:jobId',
    service: 'chat',
    tag: 'jobs',
    summary: 'A job that I started',
    access: ofStarter,
    params: j,
    status: 200,
    response: jobs.Job,
    errors: ['job.not_found'],
  },
  listJobErrors: {
    method: 'GET',
    path: '/jobs/:jobId/errors',
    service: 'chat',
    tag: 'jobs',
    summary: 'What a job left out, and why',
    access: ofStarter,
    params: j,
    query: PageQuery,
    status: 200,
    response: jobs.JobErrorPage,
    errors: ['job.not_found'],
  },
  cancelJob: {
    method: 'POST',
    path: '/jobs/:jobId/cancel',
    service: 'chat',
    tag: 'jobs',
    summary: 'Stop a job; what it has done stays',
    access: ofStarter,
    params: j,
    status: 200,
    response: jobs.Job,
    errors: ['job.not_found', 'job.finished'],
  },
  getJobResult: {
    method: 'GET',
    path: '/jobs/:jobId/result',
    service: 'chat',
    tag: 'jobs',
    summary: 'The file that an export made, for 24 hours',
    access: ofStarter,
    params: j,
    status: 200,
    produces: ['application/zip'],
    errors: ['job.not_found', 'job_result.not_found', 'permission.denied'],
  },
} as const satisfies Record<string, Route>;
