import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { clientRoutes, clientTypes } from './client-code.js';
import { errorsPage } from './errors-page.js';
import { breakingChanges, eventJsonSchemas } from './event-schemas.js';
import { openApiDocument } from './openapi.js';

const root = join(import.meta.dirname, '../../..');
const schemasDir = join(root, 'libs/contracts/schemas');
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

const readOrNull = (file: string) => readFile(file, 'utf8').catch(() => null);

const pretty = async (file: string, text: string) =>
  format(text, { ...(await resolveConfig(file)), filepath: file });

/** Every generated file of the repository, by absolute path. */
const outputs = async (): Promise<Map<string, string>> => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const document = openApiDocument(version);
  const errors = join(root, 'docs/api/errors.md');
  const routes = join(root, 'libs/client/src/operation-routes.ts');
  return new Map([
    [join(root, 'docs/api/openapi.json'), json(document)],
    [errors, await pretty(errors, errorsPage())],
    [join(root, 'libs/client/src/openapi.ts'), await clientTypes(document)],
    [routes, await pretty(routes, clientRoutes())],
    ...Object.entries(eventJsonSchemas()).map(
      ([name, schema]) => [join(schemasDir, name), json(schema)] as const,
    ),
  ]);
};

/** Within a version events only grow; who must break one deletes its schema file by hand. */
const brokenEvents = async (files: Map<string, string>): Promise<string[]> => {
  const names = await readdir(schemasDir).catch(() => []);
  const changes = names.map(async (name) => {
    const committed: unknown = JSON.parse(await readFile(join(schemasDir, name), 'utf8'));
    const text = files.get(join(schemasDir, name));
    if (text === undefined) return [`${name} has no event any more`];
    return breakingChanges(committed, JSON.parse(text)).map((pointer) => `${name}#${pointer}`);
  });
  return (await Promise.all(changes)).flat();
};

/** Writes what is generated from contracts, or with `check` tells what differs. Returns an exit code. */
export const generate = async ({ check }: { check: boolean }): Promise<number> => {
  const files = await outputs();
  const broken = await brokenEvents(files);
  if (broken.length > 0) {
    console.error(`An event changed within its version (events only grow):\n  ${broken.join('\n  ')}`);
    return 1;
  }
  const stale: string[] = [];
  for (const [file, text] of files) if ((await readOrNull(file)) !== text) stale.push(file);
  if (check) {
    for (const file of stale) console.error(`${relative(root, file)} is out of date: npm run openapi`);
    return stale.length > 0 ? 1 : 0;
  }
  for (const file of stale) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, files.get(file) ?? '');
    console.log(`wrote ${relative(root, file)}`);
  }
  return 0;
};
