import { parseArgs } from 'node:util';
import { PgBoss } from 'pg-boss';
import { z } from 'zod';
import { loadConfig, postgresSettings } from '#platform';
import { ensureLanes, FAILED_LANE, JOBS_SCHEMA } from './boss.js';
import type { Envelope } from './job.js';

const usage = `Failed jobs: what was put aside after its last try.
  jobs list            id, time, kind and reason of each
  jobs show <id>       one with its data
  jobs retry <id|all>  do it again, with all its tries
  jobs drop <id|all>   forget it
POSTGRES_URL names the database.`;

type Failed = { id: string; data: Envelope; createdOn: Date; sourceOutput: { message?: string } | null };

const row = ({ id, data, createdOn, sourceOutput }: Failed) =>
  `${id}\t${createdOn.toISOString()}\t${data.job}\t${sourceOutput?.message ?? 'its worker was lost each time'}`;

/** The command line: returns what to print. */
export const runFailedJobs = async (
  boss: PgBoss,
  command: string | undefined,
  which: string | undefined,
): Promise<string> => {
  const failed = (await boss.findJobs<Envelope>(FAILED_LANE, { queued: true })) as unknown as Failed[];
  if (command === 'list') return failed.length > 0 ? failed.map(row).join('\n') : 'no failed jobs';
  if (command !== 'show' && command !== 'retry' && command !== 'drop') return usage;
  const all = which === 'all' && command !== 'show';
  const chosen = failed.filter(({ id }) => all || id === which);
  if (chosen.length === 0) return all ? 'no failed jobs' : `no failed job ${which ?? '(say which)'}`;
  if (command === 'show')
    return chosen.map((one) => `${row(one)}\n${JSON.stringify(one.data.data, null, 2)}`).join('\n');
  const ids = chosen.map(({ id }) => id);
  if (command === 'drop') await boss.deleteJob(FAILED_LANE, ids);
  // By hundreds, as the library moves them.
  else
    for (let from = 0; from < ids.length; from += 100)
      await boss.redrive(FAILED_LANE, { ids: ids.slice(from, from + 100), limit: 100 });
  return `${command === 'drop' ? 'dropped' : 'again'}: ${ids.join(', ')}`;
};

if (process.argv[1] && import.meta.filename === process.argv[1]) {
  const { positionals } = parseArgs({ allowPositionals: true });
  const { postgres } = loadConfig(z.object({ postgres: postgresSettings }));
  const boss = new PgBoss({
    connectionString: postgres.url,
    schema: JOBS_SCHEMA,
    max: 1,
    supervise: false,
    schedule: false,
    migrate: false,
  });
  boss.on('error', (error) => process.stderr.write(`jobs: ${error.message}\n`));
  await boss.start();
  await ensureLanes(boss);
  process.stdout.write(`${await runFailedJobs(boss, positionals[0], positionals[1])}\n`);
  await boss.stop({ graceful: false });
}
