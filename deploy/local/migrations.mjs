/** The database schemas, which are brought up to date before the services that own them start. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, childEnv, nodeBin } from './paths.mjs';
import { must } from './run.mjs';

/** Services with a schema of their own, which has their name. */
const OWNERS = ['chat', 'notify'];

/** @param {string} owner @param {string[]} path */
const inDist = (owner, ...path) => join(ROOT, 'dist', 'apps', owner, 'src', ...path);

/** Brings the schemas up to date. @param {Record<string, string>} env */
export async function migrate(env) {
  for (const owner of OWNERS)
    await must(nodeBin(), [inDist(owner, 'migrate.js')], { cwd: ROOT, env: childEnv(env) });
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
      for (const owner of OWNERS) {
        const { rows } = await client.query(`SELECT name FROM ${owner}.migrations`);
        const { migrations } = await import(pathToFileURL(inDist(owner, 'migrations', 'index.js')).href);
        const done = new Set(rows.map(({ name }) => name));
        if (!migrations.every((Migration) => done.has(new Migration().name ?? Migration.name))) return false;
      }
      return true;
    } finally {
      await client.end();
    }
  } catch {
    return false;
  }
}
