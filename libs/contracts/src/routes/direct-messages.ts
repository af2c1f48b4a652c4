import * as channels from '../http/channels.js';
import * as invitations from '../http/direct-invitations.js';
import { pageOf } from '../page.js';
import { inChannel, inWorkspace } from './access.js';
import { params, type Route } from './route.js';

const answered = {
  method: 'POST',
  service: 'chat',
  tag: 'channels',
  access: { ...inChannel, bot: 'permission.denied' },
  params: params.cd,
  status: 200,
  response: invitations.DirectInvitation,
} as const;
const answerErrors = [
  'channel.not_found',
  'permission.denied',
  'channel.direct_only',
  'direct_invitation.not_found',
  'direct_invitation.decided',
  'direct_invitation.expired',
] as const;

export const directMessagesRoutes = {
  openDirect: {
    method: 'POST',
    path: '/workspaces/:workspaceId/dms',
    service: 'chat',
    tag: 'channels',
    summary: 'Open a direct conversation; the same people always get the same one',
    access: { ...inWorkspace, bot: 'permission.denied' },
    params: params.w,
    body: channels.OpenDirect,
    status: 200,
    response: channels.MyChannel,
    errors: ['workspace.not_found', 'member.not_found', 'permission.denied'],
  },
  listDirectInvitations: {
    method: 'GET',
    path: '/channels/:channelId/direct-invitations',
    service: 'chat',
    tag: 'channels',
    summary: 'Whom somebody proposes to add to the conversation',
    access: inChannel,
    params: params.c,
    status: 200,
    response: pageOf(invitations.DirectInvitation),
    errors: ['channel.not_found', 'channel.direct_only'],
  },
  proposeDirectMember: {
    ...answered,
    path: '/channels/:channelId/direct-invitations',
    summary: 'Propose to add a person with all of the history; who proposes it again agrees',
    params: params.c,
    body: invitations.ProposeDirectMember,
    status: 201,
    errors: [
      'channel.not_found',
      'permission.denied',
      'channel.direct_only',
      'channel.direct_fixed',
      'channel.direct_full',
      'channel.direct_exists',
      'channel.already_member',
      'member.not_found',
    ],
  },
  acceptDirectInvitation: {
    ...answered,
    path: '/channels/:channelId/direct-invitations/:invitationId/accept',
    summary: 'Agree; with the last one the person is in',
    errors: [...answerErrors, 'channel.direct_exists', 'channel.direct_full', 'member.not_found'],
  },
  declineDirectInvitation: {
    ...answered,
    path: '/channels/:channelId/direct-invitations/:invitationId/decline',
    summary: 'Refuse, which decides it',
    errors: [...answerErrors],
  },
} as const satisfies Record<string, Route>;
