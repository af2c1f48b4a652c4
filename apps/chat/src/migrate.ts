import { z } from 'zod';
import { migrate } from '#db';
import { ConfigError, loadConfig, postgresSettings, unreachableEngines } from '#platform';
import { migrations } from './migrations/index.js';

/** `node migrate.js [up|down]`: brings the chat schema of POSTGRES_URL up to date, or undoes one step. */
const main = async (): Promise<void> => {
  const { postgres } = loadConfig(z.object({ postgres: postgresSettings }));
  const missing = await unreachableEngines({ postgres: postgres.url });
  if (missing.length > 0) throw new ConfigError(missing);
  const done = await migrate(postgres.url, 'chat', migrations, process.argv[2] === 'down' ? 'down' : 'up');
  process.stdout.write(done.length > 0 ? `migrated: ${done.join(', ')}\n` : 'the schema is up to date\n');
};

try {
  await main();
} catch (error) {
  process.stderr.write(`migrate: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
