/** Writes .env.example and the table of docs/operations.md from the schemas: `npm run build:services` first. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { envExample, settingsTable, TABLE_END, TABLE_START } from './configuration.ts';

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
const page = join(root, 'docs/operations.md');
const text = await readFile(page, 'utf8');
const [before] = text.split(TABLE_START);
const [, after] = text.split(TABLE_END);
const made = `${before}${TABLE_START}\n\n${settingsTable(services)}\n\n${TABLE_END}${after}`;
await writeFile(page, await format(made, { ...(await resolveConfig(page)), filepath: page }));
