/** The database schema, which is brought up to date before chat starts. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, childEnv, nodeBin } from './paths.mjs';
import { must } from './run.mjs';

const CHAT = join(ROOT, 'dist', 'apps', 'chat', 'src');

/** Brings the schema up to date. @param {Record<string, string>} env */
export function migrate(env) {
  return must(nodeBin(), [join(CHAT, 'migrate.js')], { cwd: ROOT, env: childEnv(env) });
}

/**
 * Whether every migration has run already: a process that finds nothing to do would hold up each start by
 * the second it takes to load. Any doubt is a no.
 * @param {string} url
 */
export async function isCurrent(url) {
  try {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const { rows } = await client.query('SELECT name FROM chat.migrations');
      const { migrations } = await import(pathToFileURL(join(CHAT, 'migrations', 'index.js')).href);
      const done = new Set(rows.map(({ name }) => name));
      return migrations.every((Migration) => done.has(new Migration().name ?? Migration.name));
    } finally {
      await client.end();
    }
  } catch {
    return false;
  }
}
