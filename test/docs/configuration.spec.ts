import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { envExample, settingsTable, TABLE_END, TABLE_START } from './configuration.js';
import { root, services } from './services.js';

const read = (file: string) => readFileSync(join(root, file), 'utf8');
/** Prettier pads the cells of a table. */
const unpadded = (table: string) => table.trim().replaceAll(/ {2,}/g, ' ').replaceAll(/-{3,}/g, '---');

describe('documented settings (if it fails: node test/docs/generate.mjs)', () => {
  it('.env.example says what the schemas say', () => {
    expect(read('.env.example')).toBe(envExample(services));
  });

  it('docs/operations.md says what the schemas say', () => {
    const table = read('docs/operations.md').split(TABLE_START)[1]?.split(TABLE_END)[0] ?? '';
    expect(unpadded(table)).toBe(unpadded(settingsTable(services)));
  });

  it('a setting has one meaning for secrecy wherever it is used', () => {
    const secrecy = new Map<string, boolean>();
    for (const { settings } of services)
      for (const { env, secret = false } of settings) {
        expect([env, secrecy.get(env) ?? secret]).toEqual([env, secret]);
        secrecy.set(env, secret);
      }
  });
});
