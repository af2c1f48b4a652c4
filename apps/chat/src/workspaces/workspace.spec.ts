import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import type { UpdateWorkspace } from '#contracts';
import { newId } from '#testing';
import { changed, domainOf, type WorkspaceRow } from './workspace.js';

const row: WorkspaceRow = {
  id: newId.workspace(),
  name: 'Acme',
  createdAt: new Date(),
  iconImageId: null,
  branding: { primary: '#112233', accent: '#445566' },
  whoMay: { createChannels: 'everyone', invite: 'everyone', mentionChannel: 'everyone' },
  retentionDays: null,
  allowedDomains: ['acme.example'],
  linkPreviews: true,
  version: 3,
};
const who = fc.constantFrom('everyone' as const, 'admins' as const);
const inputs = fc.record(
  {
    name: fc.constantFrom('Acme', 'Ajax'),
    branding: fc.constantFrom(null, { accent: '#445566', primary: '#112233' }),
    retentionDays: fc.option(fc.integer({ min: 1, max: 3 })),
    linkPreviews: fc.boolean(),
    allowedDomains: fc.constantFrom([], ['acme.example']),
    whoMay: fc.record({ createChannels: who, invite: who }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<UpdateWorkspace>;

describe('settings of a workspace', () => {
  test.prop([inputs])(
    'become what was given, keep what was not, and the same again is no change',
    (input) => {
      const next = changed(row, input);
      const { whoMay, ...given } = input;
      expect(next ?? row).toMatchObject({ ...given, whoMay: { ...row.whoMay, ...whoMay } });
      if (!next) return;
      expect(next.version).toBe(4);
      expect(changed(next, input)).toBeNull();
    },
  );

  it('know the domain of an address', () => {
    expect([domainOf('ada@Example.org'), domainOf('"a@b"@c.example')]).toEqual(['example.org', 'c.example']);
  });
});
