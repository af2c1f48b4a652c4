import type {
  Branding,
  ImageId,
  MyWorkspace,
  Policy,
  RoleId,
  UpdateWorkspace,
  Workspace,
  WorkspaceId,
} from '#contracts';
import { permissionsOf, type Standing } from '../access/permission.js';

export type WorkspaceRow = {
  id: WorkspaceId;
  name: string;
  createdAt: Date;
  iconImageId: ImageId | null;
  branding: Branding | null;
  whoMay: Policy;
  retentionDays: number | null;
  allowedDomains: string[];
  linkPreviews: boolean;
  version: number;
};
export type MyWorkspaceRow = WorkspaceRow & Standing & { customRoleId: RoleId | null };

export const presentWorkspace = (row: WorkspaceRow): Workspace => ({
  id: row.id,
  name: row.name,
  createdAt: row.createdAt.toISOString(),
  iconImageId: row.iconImageId,
  branding: row.branding,
  whoMay: row.whoMay,
  retentionDays: row.retentionDays,
  allowedDomains: row.allowedDomains,
  linkPreviews: row.linkPreviews,
  version: row.version,
});

export const presentMyWorkspace = (row: MyWorkspaceRow): MyWorkspace => ({
  ...presentWorkspace(row),
  role: row.workspaceRole,
  customRoleId: row.customRoleId,
  permissions: permissionsOf(row),
});

const present = <T>(given: object): Partial<T> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;

/** What the settings become; null when nothing is different. */
export const changed = (row: WorkspaceRow, input: UpdateWorkspace): WorkspaceRow | null => {
  const { whoMay = {}, ...given } = input;
  const next: WorkspaceRow = {
    ...row,
    ...present<WorkspaceRow>(given),
    whoMay: { ...row.whoMay, ...present<Policy>(whoMay) },
  };
  const settings = ({
    name,
    iconImageId,
    branding,
    retentionDays,
    allowedDomains,
    linkPreviews,
    whoMay: who,
  }: WorkspaceRow) =>
    JSON.stringify([
      name,
      iconImageId,
      branding && [branding.primary, branding.accent],
      retentionDays,
      allowedDomains,
      linkPreviews,
      [who.createChannels, who.invite, who.mentionChannel],
    ]);
  return settings(next) === settings(row) ? null : { ...next, version: row.version + 1 };
};

/** The domain of an e-mail address, in lower case. */
export const domainOf = (email: string): string => email.slice(email.lastIndexOf('@') + 1).toLowerCase();
