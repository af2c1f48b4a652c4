import type { Group, GroupId, GroupMember, UpdateGroup, UserId, WorkspaceId } from '#contracts';
import { presentUser } from '../accounts/account.js';
import type { UserRow } from '../accounts/user-row.js';

export type GroupRow = {
  id: GroupId;
  workspaceId: WorkspaceId;
  handle: string;
  name: string;
  description: string;
  disabled: boolean;
  memberIds: UserId[];
  createdBy: UserId;
  createdAt: Date;
  version: number;
};

export const presentGroup = ({ createdAt, ...row }: GroupRow): Group => ({
  ...row,
  createdAt: createdAt.toISOString(),
});

export type GroupMemberRow = UserRow & { addedAt: Date };

export const presentGroupMember = (row: GroupMemberRow, now: Date): GroupMember => ({
  user: presentUser(row, now),
  addedAt: row.addedAt.toISOString(),
});

/** What the group becomes; null when nothing is different. */
export const changedGroup = (row: GroupRow, input: UpdateGroup): GroupRow | null => {
  const { handle, name, description, disabled } = row;
  const given = {
    handle: input.handle ?? handle,
    name: input.name ?? name,
    description: input.description ?? description,
    disabled: input.disabled ?? disabled,
  };
  const same =
    given.handle === handle &&
    given.name === name &&
    given.description === description &&
    given.disabled === disabled;
  return same ? null : { ...row, ...given };
};
