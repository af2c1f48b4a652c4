import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GroupHandle, type GroupId } from '#contracts';
import { newId } from '#testing';
import { changedGroup, type GroupRow } from './group.js';

const row: GroupRow = {
  id: newId.message() as unknown as GroupId,
  workspaceId: newId.workspace(),
  handle: 'crew',
  name: 'The crew',
  description: '',
  disabled: false,
  memberIds: [],
  createdBy: newId.user(),
  createdAt: new Date(),
  version: 3,
};

describe('a group', () => {
  it('becomes what was given, keeps what was not, and the same again is no change', () => {
    const inputs = fc.record(
      {
        handle: fc.constantFrom('crew', 'team'),
        name: fc.constantFrom('The crew', 'A team'),
        description: fc.constantFrom('', 'x'),
        disabled: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(inputs, (input) => {
        const next = changedGroup(row, input);
        expect(next ?? row).toEqual({ ...row, ...input });
        if (next) expect(changedGroup(next, input)).toBeNull();
      }),
    );
  });

  it.each(['channel', 'here', 'everyone', 'all', 'x', 'Crew', 'a b', 'crew!', 'x'.repeat(41)])(
    'has no handle like %s',
    (handle) => expect(GroupHandle.safeParse(handle).success).toBe(false),
  );
});
