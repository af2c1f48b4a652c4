/** How someone stands in a workspace is selected so; `w` is their chat.workspace_members. */
export const STANDING_COLUMNS = `w.role AS "workspaceRole", custom.permissions AS "customPermissions", settings.who_may AS "whoMay"`;
export const STANDING_JOINS = `
    JOIN chat.workspaces settings ON settings.id = w.workspace_id
    LEFT JOIN chat.roles custom ON custom.id = w.custom_role_id`;
