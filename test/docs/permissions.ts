/** The table of docs/permissions.md, asked from the function that decides. */
export const TABLE_START = '<!-- permissions: start -->';
export const TABLE_END = '<!-- permissions: end -->';

const ROLES = ['owner', 'admin', 'member', 'guest', 'single_channel_guest', 'bot'] as const;
type Role = (typeof ROLES)[number];
const everyone = { createChannels: 'everyone', invite: 'everyone', mentionChannel: 'everyone' } as const;
const admins = { createChannels: 'admins', invite: 'admins', mentionChannel: 'admins' } as const;

type Rules<Permission extends string> = {
  permissions: readonly Permission[];
  grantable: readonly string[];
  governed: Partial<Record<Permission, string>>;
  allows(
    standing: {
      workspaceRole: Role;
      customPermissions?: Permission[];
      whoMay: typeof everyone | typeof admins;
    },
    permission: Permission,
  ): boolean;
};

/** ✓ always, (✓) unless the setting keeps it to admins, – never; custom roles: + can be given. */
export const permissionsTable = <Permission extends string>(rules: Rules<Permission>): string => {
  const cell = (workspaceRole: Role, permission: Permission): string => {
    const open = rules.allows({ workspaceRole, whoMay: everyone }, permission);
    const closed = rules.allows({ workspaceRole, whoMay: admins }, permission);
    return closed ? '✓' : open ? '(✓)' : '–';
  };
  const custom = (permission: Permission): string => {
    const bare = { workspaceRole: 'member', customPermissions: [], whoMay: everyone } as const;
    if (rules.allows({ ...bare, customPermissions: [] }, permission)) return '✓';
    const given = rules.allows({ ...bare, customPermissions: [permission] }, permission);
    return given && rules.grantable.includes(permission) ? '+' : '–';
  };
  const rows = rules.permissions.map((permission) => [
    `\`${permission}\``,
    ...ROLES.map((role) => cell(role, permission)),
    custom(permission),
    rules.governed[permission] ? `\`whoMay.${rules.governed[permission]}\`` : '',
  ]);
  const head = ['Permission', ...ROLES.map((role) => role.replaceAll('_', '-')), 'custom role', 'Setting'];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
};
