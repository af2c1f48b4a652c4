import { accountRows } from './accounts.rows.js';
import { channelRows } from './channels.rows.js';
import { jobRows } from './jobs.rows.js';
import { laterRows } from './later.rows.js';
import { messageRows } from './messages.rows.js';
import type { Rows } from './row.js';
import { twoFactorRows } from './two-factor.rows.js';
import { emojiAndGroupRows } from './emoji-and-groups.rows.js';
import { workspaceRows } from './workspaces.rows.js';

/** One row for each operation: a route without one does not type-check. */
export const rows: Rows = {
  ...accountRows,
  ...twoFactorRows,
  ...workspaceRows,
  ...channelRows,
  ...messageRows,
  ...emojiAndGroupRows,
  ...laterRows,
  ...jobRows,
};
