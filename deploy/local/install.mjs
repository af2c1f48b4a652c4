/**
 * Everything a start needs that isn't in the repository: npm packages and the engines' programs.
 *
 *   node deploy/local/install.mjs [--external] [--test]
 */
import { pathToFileURL } from 'node:url';
import { ensurePrograms } from './binaries.mjs';
import { installDependencies, isInstalled } from './dependencies.mjs';
import { Progress } from './progress.mjs';
import { Problem } from './run.mjs';

const URLS = ['POSTGRES_URL', 'NATS_URL', 'REDIS_URL', 'CLICKHOUSE_URL'];

/** With --external nothing is started for you: every engine has to be given. */
function requireUrls() {
  const missing = URLS.filter((name) => !process.env[name]);
  if (missing.length)
    throw new Problem(
      missing.map((name) => `${name} is not set: with --external each engine is given by its URL`).join('\n'),
    );
}

/**
 * @param {{ external?: boolean, programs?: string[], progress?: Progress }} [options]
 */
export async function install({
  external = false,
  programs = ['nats-server', 'redis-server'],
  progress = new Progress(),
} = {}) {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new Problem(`Node.js 20 or newer is needed, this is ${process.versions.node}`);
  if (process.platform === 'win32')
    throw new Problem('Windows is not supported directly: use WSL2 or docker compose');
  if (external) requireUrls();
  const wanted = external ? programs.filter((name) => name === 'chromium') : programs;
  await progress.step(
    'install',
    async () => {
      const fresh = isInstalled();
      if (!fresh) progress.say('installing npm packages from the lock (the first time takes a minute)');
      await Promise.all([fresh ? undefined : installDependencies(), ensurePrograms(wanted, progress.say)]);
      return fresh;
    },
    (fresh) => (fresh ? 'up to date' : 'npm packages from the lock'),
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const args = process.argv.slice(2);
  const programs = ['nats-server', 'redis-server', ...(args.includes('--test') ? ['chromium'] : [])];
  await install({ external: args.includes('--external'), programs }).catch((error) => {
    console.error(error instanceof Problem ? error.message : error);
    process.exitCode = 1;
  });
}
