import { PgBoss } from 'pg-boss';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';

/** pg-boss's tables, by its own installer; a release of it with newer ones brings them up to date itself. */
export class Jobs1764000050000 implements MigrationInterface {
  /** The installer brings its own transaction. */
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    const connection = (await (runner as PostgresQueryRunner).connect()) as {
      query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
    };
    const boss = new PgBoss({
      schema: 'jobs',
      db: { executeSql: (text, values) => connection.query(text, values) },
      supervise: false,
      schedule: false,
    });
    boss.on('error', () => undefined);
    await boss.start();
    await boss.stop({ graceful: false });
    // Jobs are replaced and taken back by their key.
    await runner.query(
      `CREATE INDEX IF NOT EXISTS job_waiting_by_key ON jobs.job_common (singleton_key)
       WHERE state < 'active' AND singleton_key IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP SCHEMA jobs CASCADE`);
  }
}
