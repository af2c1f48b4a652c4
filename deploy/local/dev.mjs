/**
 * `npm run dev`: like `npm start`, and a changed source is rebuilt and its service restarted; the web
 * client comes from Vite with hot reload, at the port `npm start` would use.
 */
import { existsSync, rmSync, watch } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { answersOk } from './http-ready.mjs';
import { migrate } from './instance.mjs';
import { launch } from './launch.mjs';
import { ROOT, nodeBin } from './paths.mjs';
import { SERVICES } from './services.mjs';

/** An editor saves several files, or one in several steps. */
const SETTLE = 150;
const SOURCE = /^(apps|libs)\/([^/]+)\/src\/.+(?<!\.spec|\.int-spec|\.d)\.ts$/;

/** Makes one source's output what `npm run build:services` would make it. @param {string} file */
async function compile(file) {
  const output = join(ROOT, 'dist', file.replace(/\.ts$/, '.js'));
  if (!existsSync(join(ROOT, file))) {
    for (const gone of [output, `${output}.map`]) rmSync(gone, { force: true });
    return;
  }
  const { transformFile } = await import('@swc/core');
  const { code, map } = await transformFile(join(ROOT, file), { cwd: ROOT, swcrc: true });
  await mkdir(dirname(output), { recursive: true });
  await writeFile(output, `${code}\n//# sourceMappingURL=${basename(output)}.map`);
  if (map) await writeFile(`${output}.map`, map);
}

/** A library is in every service. */
const affected = (files) =>
  SERVICES.filter((name) =>
    files.some((file) => file.startsWith('libs/') || file.startsWith(`apps/${name}/`)),
  );

async function apply(files, instance, progress) {
  const services = affected(files);
  await progress.step(
    'rebuild',
    async () => {
      await Promise.all(files.map(compile));
      if (files.some((file) => file.includes('/migrations/'))) await migrate(instance.env);
      await Promise.all(services.map((name) => instance.restart(name)));
    },
    () => `${files.length === 1 ? files[0] : `${files.length} files`} → ${services.join(', ')}`,
  );
}

function watchSources(instance, progress) {
  const changed = new Set();
  let timer;
  let busy = Promise.resolve();
  const flush = () => {
    const files = [...changed];
    changed.clear();
    busy = busy
      .then(() => apply(files, instance, progress))
      .catch((error) => progress.say(String(error.message).split('\n\nCaused by')[0]));
  };
  for (const top of ['apps', 'libs']) {
    watch(join(ROOT, top), { recursive: true }, (_event, name) => {
      const file = `${top}/${name}`;
      if (!SOURCE.test(file) || file.startsWith('apps/web/')) return;
      changed.add(file);
      clearTimeout(timer);
      timer = setTimeout(flush, SETTLE);
    });
  }
}

await launch({
  args: process.argv.slice(2),
  dev: true,
  after: async ({ instance, host, port, progress }) => {
    await progress.step('web', () =>
      instance.run({
        name: 'web',
        command: nodeBin(),
        args: [join(ROOT, 'deploy', 'local', 'web-dev.mjs')],
        cwd: ROOT,
        env: {
          ...process.env,
          HOST: host,
          PORT: String(port),
          GATEWAY_URL: instance.url,
          PUBLIC_URL: instance.env.PUBLIC_URL,
        },
        ready: () => answersOk(`http://${host}:${port}/`),
      }),
    );
    watchSources(instance, progress);
  },
});
