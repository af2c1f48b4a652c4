import type { WorkspaceRole } from '#contracts';
import { allows, permissionsOf, type Permission, type Standing } from './permission.js';

/** Custom roles rank as members do. */
const rank: Record<Exclude<WorkspaceRole, 'bot'>, number> = {
  owner: 3,
  admin: 2,
  member: 1,
  guest: 0,
  single_channel_guest: 0,
};

/** Bots have no rank: they neither change people nor are changed by them. */
const reaches = ({ workspaceRole: actor }: Standing, { workspaceRole: other }: Standing): boolean =>
  actor !== 'bot' && other !== 'bot' && rank[other] <= rank[actor];

/** Whether `actor` may do what `permission` names to `target`: never to someone of higher rank. */
export const mayActOn = (actor: Standing, target: Standing, permission: Permission): boolean =>
  allows(actor, permission) &&
  reaches(actor, target) &&
  (target.workspaceRole !== 'owner' || allows(actor, 'owner.manage'));

/** Whether all that `next` may and `before` may not is something that `actor` may: nobody grants what they lack. */
export const mayGrant = (actor: Standing, before: Standing | null, next: Standing): boolean =>
  reaches(actor, next) &&
  permissionsOf(next).every(
    (permission) => (before !== null && allows(before, permission)) || allows(actor, permission),
  );

/** Whether `actor` may give `target` the role `next`. That an owner remains is decided where owners are counted. */
export const mayChangeRole = (actor: Standing, target: Standing, next: Standing): boolean =>
  mayActOn(actor, target, 'member.change_role') && mayGrant(actor, target, next);
