import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { accessPage } from './access-page.js';
import { contractBreaks, judgeBreaks, type AllowedBreak } from './contract-breaks.js';
import { clientRoutes, clientTypes } from './client-code.js';
import { errorsPage } from './errors-page.js';
import { breakingChanges, eventJsonSchemas } from './event-schemas.js';
import { openApiDocument } from './openapi.js';

const root = join(import.meta.dirname, '../../..');
const documentFile = join(root, 'docs/api/openapi.json');
const schemasDir = join(root, 'libs/contracts/schemas');
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** The contract of the last release, and where this one breaks it on purpose. */
const baselineFile = join(root, 'docs/api/baseline.json');
const allowedFile = join(root, 'docs/api/allowed-breaks.json');

const readOrNull = (file: string) => readFile(file, 'utf8').catch(() => null);

const pretty = async (file: string, text: string) =>
  format(text, { ...(await resolveConfig(file)), filepath: file });

/** Every generated file of the repository, by absolute path. */
const outputs = async (): Promise<Map<string, string>> => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const document = openApiDocument(version);
  const errors = join(root, 'docs/api/errors.md');
  const access = join(root, 'docs/api/access.md');
  const routes = join(root, 'libs/client/src/operation-routes.ts');
  return new Map([
    [documentFile, json(document)],
    [errors, await pretty(errors, errorsPage())],
    [access, await pretty(access, accessPage())],
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

type Contract = Parameters<typeof contractBreaks>[0];
const readJson = async <T>(file: string) => JSON.parse(await readFile(file, 'utf8')) as T;

/** Tells where the contract breaks the last released one; false when a break was not meant. */
const keepsContract = async (files: Map<string, string>): Promise<boolean> => {
  const now = JSON.parse(files.get(documentFile) ?? '') as Contract;
  const breaks = contractBreaks(await readJson<Contract>(baselineFile), now);
  const { unintended, pointless } = judgeBreaks(breaks, await readJson<AllowedBreak[]>(allowedFile));
  const lines = (items: string[]) => items.map((item) => `\n  ${item}`).join('');
  if (unintended.length > 0)
    console.error(
      `The API breaks programs written for the last release. If that is meant, say why in docs/api/allowed-breaks.json:${lines(unintended)}`,
    );
  if (pointless.length > 0)
    console.error(
      `docs/api/allowed-breaks.json allows what does not occur, or without a reason:${lines(pointless)}`,
    );
  return unintended.length + pointless.length === 0;
};

/** Makes the present contract the one that later changes are compared with. */
export const release = async (): Promise<number> => {
  const document = (await outputs()).get(documentFile) ?? '';
  await writeFile(baselineFile, document);
  await writeFile(allowedFile, json([]));
  console.log('docs/api/baseline.json is the present contract now');
  return generate({ check: false });
};

/** Writes what is generated from contracts, or with `check` tells what differs. Returns an exit code. */
export const generate = async ({ check }: { check: boolean }): Promise<number> => {
  const files = await outputs();
  const broken = await brokenEvents(files);
  if (broken.length > 0) {
    console.error(`An event changed within its version (events only grow):\n  ${broken.join('\n  ')}`);
    return 1;
  }
  const kept = await keepsContract(files);
  const stale: string[] = [];
  for (const [file, text] of files) if ((await readOrNull(file)) !== text) stale.push(file);
  if (check) {
    for (const file of stale) console.error(`${relative(root, file)} is out of date: npm run openapi`);
    return stale.length > 0 || !kept ? 1 : 0;
  }
  for (const file of stale) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, files.get(file) ?? '');
    console.log(`wrote ${relative(root, file)}`);
  }
  return 0;
};
