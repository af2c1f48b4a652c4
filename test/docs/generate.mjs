/** Writes .env.example and the tables of docs/operations.md and docs/permissions.md from the code: `npm run build:services` first. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { envExample, settingsTable, TABLE_END, TABLE_START } from './configuration.ts';
import * as roles from './permissions.ts';

const root = join(import.meta.dirname, '../..');
const dist = (path) => import(join(root, 'dist', path));

const { settingsOf } = await dist('libs/platform/src/index.js');
const names = {
  gateway: 'gatewayConfig',
  chat: 'ChatConfig',
  notify: 'notifyConfig',
  bot: 'BotConfig',
  analytics: 'AnalyticsConfig',
};
const services = await Promise.all(
  Object.entries(names).map(async ([name, schema]) => ({
    name,
    settings: settingsOf((await dist(`apps/${name}/src/config.js`))[schema]),
  })),
);

await writeFile(join(root, '.env.example'), envExample(services));

/** Puts `table` between the two marks. */
const insert = async (name, start, end, table) => {
  const page = join(root, name);
  const text = await readFile(page, 'utf8');
  const [before] = text.split(start);
  const [, after] = text.split(end);
  const made = `${before}${start}\n\n${table}\n\n${end}${after}`;
  await writeFile(page, await format(made, { ...(await resolveConfig(page)), filepath: page }));
};
await insert('docs/operations.md', TABLE_START, TABLE_END, settingsTable(services));

const { GrantablePermission } = await dist('libs/contracts/src/index.js');
const rules = {
  ...(await dist('apps/chat/src/access/permission.js')),
  grantable: GrantablePermission.options,
};
await insert('docs/permissions.md', roles.TABLE_START, roles.TABLE_END, roles.permissionsTable(rules));
