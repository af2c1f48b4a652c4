import { PgBoss } from 'pg-boss';
import { DatabaseUnavailable, type Database } from '#db';
import type { Logger } from '#platform';
import { LANES } from './job.js';

export const JOBS_SCHEMA = 'jobs';
/** Where jobs wait for a person after their last try. */
export const FAILED_LANE = 'failed';

const DAY = 24 * 3600;
const NEVER = 24 * 3600;

/**
 * pg-boss on the connections of the service. A worker that is killed stops its heartbeat; the next look
 * after that (every 5 s, by any worker) gives its jobs back.
 */
export const startBoss = async (
  database: Database,
  { supervise, log }: { supervise: boolean; log: Logger },
): Promise<PgBoss> => {
  const boss = new PgBoss({
    schema: JOBS_SCHEMA,
    db: { executeSql: (text, values) => database.execute(text, values) },
    supervise,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    maintenanceIntervalSeconds: 600,
    // What of the library isn't used doesn't poll: its schedules and its flows of jobs.
    schedule: false,
    flowIntervalSeconds: NEVER,
    bamIntervalSeconds: 600,
    monitorVacuum: false,
  });
  boss.on('error', (err) => {
    // Health tells that the database is away; jobs go on when it is back.
    if (!(err instanceof DatabaseUnavailable)) log.error({ err }, 'job queue');
  });
  boss.on('warning', (warning) => log.warn({ warning }, 'job queue'));
  await boss.start();
  await ensureLanes(boss);
  return boss;
};

/** Whoever comes first makes them. */
export const ensureLanes = async (boss: PgBoss): Promise<void> => {
  await boss.createQueue(FAILED_LANE, { retentionSeconds: 30 * DAY, deleteAfterSeconds: 30 * DAY });
  for (const lane of Object.keys(LANES)) await boss.createQueue(lane, { deadLetter: FAILED_LANE });
};
