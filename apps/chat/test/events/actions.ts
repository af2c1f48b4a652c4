import type { OperationId } from '#contracts';
import type { Action } from './action.js';
import { channelActions } from './channel-actions.js';
import { messageActions } from './message-actions.js';
import { ownActions } from './own-actions.js';
import { workspaceActions } from './workspace-actions.js';

/** What changes nothing that a workspace's view holds, and why. */
const elsewhere: Partial<Record<OperationId, string>> = {
  ...Object.fromEntries(
    [
      'register',
      'login',
      'refresh',
      'logout',
      'issueServiceToken',
      'revokeSession',
      'revokeOtherSessions',
      'createAccessToken',
      'revokeAccessToken',
      'startPasskeyLogin',
      'loginWithPasskey',
      'startPasskey',
      'addPasskey',
      'renamePasskey',
      'removePasskey',
      'verifyEmail',
      'forgotPassword',
      'resetPassword',
      'resendVerification',
      'changePassword',
      'completeLogin',
      'startTotp',
      'confirmTotp',
      'disableTotp',
      'renewRecoveryCodes',
    ].map((operation) => [
      operation,
      'credentials are no part of a view; their own specs check their events',
    ]),
  ),
  changeEmail: 'nothing changes before the new address is confirmed by mail',
  createWorkspace: 'a workspace is seen by nobody before it exists',
  deleteWorkspace: 'ends all views; checked with the settings of workspaces',
  deleteAccount: 'ends the view; checked with the deletion of accounts',
  joinWorkspace: 'needs a confirmed address; joining is told as by an invite',
  inviteByEmail: 'sends mail; told as createInvite is',
  importUsers: 'a job of many steps, each told as the action it does',
  importChannels: 'a job of many steps, each told as the action it does',
  importSlack: 'clients are told to fetch; checked with the import',
  exportSlack: 'changes nothing',
  cancelJob: 'jobs are fetched where they are shown',
  uploadImage: 'an image is part of nothing before it is used',
  moveActivityCursor: 'the inbox is fetched where it is shown',
  removeLinkPreview: 'previews need a page to fetch; told as editing is',
};

export const actions: Partial<Record<OperationId, Action>> = {
  ...workspaceActions,
  ...channelActions,
  ...messageActions,
  ...ownActions,
};
export { elsewhere };
