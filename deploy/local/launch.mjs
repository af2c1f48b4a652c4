/** What `npm start` and `npm run dev` have in common: one running instance with this terminal as its master. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { URL_VARIABLES } from './engines.mjs';
import { takeInstanceLock } from './instance-lock.mjs';
import { install } from './install.mjs';
import { rejectOnAbort, startInstance } from './instance.mjs';
import { DATA_DIR } from './paths.mjs';
import { isFree } from './ports.mjs';
import { Progress } from './progress.mjs';
import { Problem } from './run.mjs';
import { DEMO, seed } from './seed.mjs';

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

async function gatewayPort(host) {
  const port = Number(process.env.PORT ?? 8080);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new Problem(`PORT=${process.env.PORT} is not a port`);
  if (!(await isFree(port, host)))
    throw new Problem(
      `Port ${port} is taken: stop what listens there or choose another (PORT=8090 npm start)`,
    );
  return port;
}

/** The demo people have a known password, so only on an instance nobody else can reach. */
async function seedOnce(url, progress) {
  const marker = join(DATA_DIR, 'seeded');
  if (existsSync(marker)) return;
  await progress.step(
    'demo',
    () => seed(url),
    () => 'workspace "Demo"',
  );
  writeFileSync(marker, `${new Date().toISOString()}\n`);
}

/**
 * @param {object} options
 * @param {string[]} options.args
 * @param {boolean} [options.dev] the port is the caller's: the gateway gets another, and the web client isn't built
 * @param {(context: { instance: import('./instance.mjs').Instance, host: string, port: number, progress: Progress }) => Promise<void>} [options.after]
 */
export async function launch({ args, dev = false, after }) {
  const external = args.includes('--external');
  const host = process.env.HOST ?? '127.0.0.1';
  const progress = new Progress();
  const abort = new AbortController();
  const aborted = rejectOnAbort(abort.signal);
  let lock;
  let instance;

  const finish = async (code) => {
    await instance?.stop();
    lock?.release();
    if (abort.signal.aborted) progress.say('stopped; data is kept in .data');
    process.exit(code);
  };
  const interrupt = () => {
    // Whoever presses twice doesn't want to wait.
    if (abort.signal.aborted)
      for (const pid of Object.values(instance?.pids ?? {})) process.kill(pid, 'SIGKILL');
    abort.abort();
    progress.say('stopping …');
    if (instance) void finish(0);
  };
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(name, interrupt);
  const crash = (error) => {
    console.error(error instanceof Problem ? error.message : error);
    void finish(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);

  try {
    lock = takeInstanceLock(join(DATA_DIR, 'instance.json'));
    const port = await gatewayPort(host);
    await Promise.race([aborted, install({ external, progress })]);
    const publicUrl = process.env.PUBLIC_URL ?? `http://localhost:${port}`;
    instance = await startInstance({
      dataDir: DATA_DIR,
      port: dev ? undefined : port,
      host: dev ? undefined : host,
      publicUrl,
      external: external
        ? Object.fromEntries(
            Object.entries(URL_VARIABLES).map(([name, variable]) => [name, process.env[variable]]),
          )
        : {},
      env: dev ? { NODE_ENV: 'development', NODE_OPTIONS: '--enable-source-maps' } : {},
      restart: true,
      progress,
      signal: abort.signal,
      built: progress.step(
        'build',
        () => build(dev ? ['services'] : ['services', 'web']),
        (built) => (built.length ? built.join(', ') : 'up to date'),
      ),
    });
    await after?.({ instance, host, port, progress });
    const demo = !external && !args.includes('--no-demo') && LOOPBACK.includes(host);
    if (demo) await seedOnce(instance.url, progress);
    lock.update({ url: publicUrl });
    progress.say('');
    progress.say(`Parley is ready after ${progress.total()}:  ${publicUrl}`);
    if (demo) progress.say(`Demo login:  ${DEMO.email}  /  ${DEMO.password}`);
    progress.say(`Logs:  ${instance.logDir}     Stop:  Ctrl-C`);
    // Child processes don't keep this one alive, and it has nothing else to do but to watch them.
    setInterval(() => undefined, 2 ** 30);
  } catch (error) {
    if (!abort.signal.aborted) console.error(error instanceof Problem ? error.message : error);
    await finish(abort.signal.aborted ? 0 : 1);
  }
}
