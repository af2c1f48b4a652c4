import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { GrantablePermission, permissions } from '#contracts';
import { allows, governed } from '../../apps/chat/src/access/permission.js';
import { permissionsTable, TABLE_END, TABLE_START } from './permissions.js';
import { root } from './services.js';

const cells = (table: string) =>
  table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    // Formatting widens the line below the head.
    .filter(([, first]) => !/^-+$/.test(first ?? ''));

describe('docs/permissions.md', () => {
  it('has the table that the function gives (node test/docs/generate.mjs writes it)', () => {
    const page = readFileSync(join(root, 'docs/permissions.md'), 'utf8');
    const written = page.split(TABLE_START)[1]?.split(TABLE_END)[0] ?? '';
    const grantable = GrantablePermission.options;
    expect(cells(written)).toEqual(cells(permissionsTable({ permissions, grantable, governed, allows })));
  });
});
