import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { GrantablePermission, WorkspaceRole } from '#contracts';
import { allows, permissionsOf, type Standing } from './permission.js';
import { mayActOn, mayChangeRole, mayGrant } from './rank.js';

const who = fc.constantFrom('everyone' as const, 'admins' as const);
const settings = fc.record({ createChannels: who, invite: who, mentionChannel: who });
/** People of one workspace: the settings are the same for all. */
const people = settings.chain((whoMay) => {
  const standing = fc.record({
    workspaceRole: fc.constantFrom(...WorkspaceRole.options),
    customPermissions: fc.option(fc.subarray([...GrantablePermission.options])),
    whoMay: fc.constant(whoMay),
  });
  return fc.tuple(standing, standing, standing);
});
const order = ['single_channel_guest', 'guest', 'member', 'admin', 'owner'];
const above = (a: Standing, b: Standing) =>
  order.indexOf(a.workspaceRole) > Math.max(1, order.indexOf(b.workspaceRole));

describe('changing roles', () => {
  test.prop([people], { numRuns: 2000 })('grants nothing that the actor lacks', ([actor, target, next]) => {
    if (!mayChangeRole(actor, target, next)) return;
    const gained = permissionsOf(next).filter((permission) => !allows(target, permission));
    for (const permission of gained) expect(allows(actor, permission)).toBe(true);
  });

  test.prop([people], { numRuns: 2000 })(
    'never touches, or makes, someone of higher rank',
    ([actor, target, next]) => {
      if (!mayChangeRole(actor, target, next)) return;
      expect(above(target, actor)).toBe(false);
      expect(above(next, actor)).toBe(false);
    },
  );

  test.prop([people], { numRuns: 2000 })(
    'needs the permission, and leaves bots alone',
    ([actor, target, next]) => {
      const may = mayChangeRole(actor, target, next);
      if (!allows(actor, 'member.change_role')) expect(may).toBe(false);
      if (target.workspaceRole === 'bot' || next.workspaceRole === 'bot') expect(may).toBe(false);
    },
  );

  test.prop([people], { numRuns: 2000 })('only owners touch or make owners', ([actor, target, next]) => {
    if (actor.workspaceRole === 'owner') return;
    if (target.workspaceRole === 'owner') expect(mayActOn(actor, target, 'member.remove')).toBe(false);
    if (next.workspaceRole === 'owner') expect(mayGrant(actor, target, next)).toBe(false);
  });

  test.prop([people])('lets owners give any role to anyone but bots', ([, target, next]) => {
    const people = target.workspaceRole !== 'bot' && next.workspaceRole !== 'bot';
    expect(mayChangeRole({ workspaceRole: 'owner' }, target, next)).toBe(people);
  });

  it('admins promote members to admins and demote admins, but neither make nor touch owners', () => {
    const [owner, admin, member] = (['owner', 'admin', 'member'] as const).map((workspaceRole) => ({
      workspaceRole,
    })) as [Standing, Standing, Standing];
    expect(mayChangeRole(admin, member, admin)).toBe(true);
    expect(mayChangeRole(admin, admin, member)).toBe(true);
    expect(mayChangeRole(admin, member, owner)).toBe(false);
    expect(mayChangeRole(admin, owner, member)).toBe(false);
    expect(mayChangeRole(member, member, member)).toBe(false);
  });

  it('someone who may only change roles promotes no guest to what they lack themselves', () => {
    const clerk: Standing = {
      workspaceRole: 'member',
      customPermissions: ['member.change_role', 'direct.create', 'poll.create'],
    };
    expect(mayChangeRole(clerk, { workspaceRole: 'guest' }, { workspaceRole: 'member' })).toBe(false);
    expect(mayChangeRole(clerk, { workspaceRole: 'member' }, { workspaceRole: 'guest' })).toBe(true);
  });
});
