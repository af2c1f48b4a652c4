import { exampleId, exampleTime } from '../example-ids.js';

const running = {
  id: exampleId('Job'),
  workspaceId: exampleId('Workspace'),
  kind: 'slack_import',
  state: 'running',
  dryRun: false,
  progress: { done: 120, total: 800, unit: 'files' },
  result: { messages: 48_213, reactions: 9120 },
  errorCount: 1,
  problem: null,
  downloadableUntil: null,
  startedBy: exampleId('User'),
  createdAt: exampleTime,
  startedAt: exampleTime,
  finishedAt: null,
  version: 17,
};
const queued = {
  ...running,
  state: 'queued',
  progress: { done: 0, total: null, unit: 'rows' },
  result: {},
  errorCount: 0,
  startedAt: null,
  version: 1,
};

export const jobsExamples = {
  importUsers: { response: { ...queued, kind: 'csv_users' } },
  importChannels: { response: { ...queued, kind: 'csv_channels', dryRun: true } },
  importSlack: { response: { ...queued, progress: { done: 0, total: null, unit: 'files' } } },
  exportSlack: {
    response: { ...queued, kind: 'slack_export', progress: { done: 0, total: null, unit: 'channels' } },
  },
  listJobs: { response: { data: [running], nextCursor: null } },
  getJob: { response: running },
  listJobErrors: {
    response: {
      data: [
        {
          position: 1,
          file: 'general/2026-01-15.json',
          line: 12,
          pointer: '/ts',
          code: 'malformed',
          detail: 'is not a time',
        },
      ],
      nextCursor: null,
    },
  },
  cancelJob: { response: { ...running, state: 'cancelled', finishedAt: exampleTime, version: 18 } },
};
