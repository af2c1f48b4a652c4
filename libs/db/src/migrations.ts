import { DataSource, type MigrationInterface } from 'typeorm';

type Migration = new () => MigrationInterface;
const MIGRATION_LOCK = 7_210_000;

/**
 * Runs migrations up (all that are missing) or down (the newest one), one process at a time: the others
 * wait at an advisory lock and then find nothing to do. Resolves to the names that ran.
 */
export const migrate = async (
  url: string,
  schema: string,
  migrations: Migration[],
  direction: 'up' | 'down' = 'up',
): Promise<string[]> => {
  const source = new DataSource({
    type: 'postgres',
    url,
    schema,
    migrations,
    migrationsTableName: 'migrations',
    applicationName: 'parley-migrate',
    poolSize: 2,
  });
  await source.initialize();
  const lock = source.createQueryRunner();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await lock.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    if (direction === 'up')
      return (await source.runMigrations({ transaction: 'each' })).map((done) => done.name);
    await source.undoLastMigration({ transaction: 'each' });
    return ['undone'];
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lock.release();
    await source.destroy();
  }
};
