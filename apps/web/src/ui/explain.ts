import type { ProblemCode } from '#contracts';

/** What a person is told, and where possible what to do next. Server prose is never shown. */
const sentences: Partial<Record<ProblemCode, string>> & { internal: string } = {
  'request.malformed': 'Something in this form could not be read. Reload the page and try again.',
  'request.invalid': 'Something in this form is not right. Check it and try again.',
  'request.too_large': 'That is too long to send. Split it up and try again.',
  'request.unsupported_media_type': 'This page is out of date. Reload it and try again.',
  'route.not_found': 'This page is out of date. Reload it and try again.',
  'auth.unauthenticated': 'You have been signed out. Sign in again.',
  'auth.token_invalid': 'You have been signed out. Sign in again.',
  'auth.token_expired': 'You have been signed out. Sign in again.',
  'auth.session_revoked': 'This session was ended. Sign in again.',
  'auth.invalid_credentials': 'That email address and password don’t match. Try again.',
  'auth.refresh_invalid': 'You have been signed out. Sign in again.',
  'auth.refresh_reused': 'This session was ended to keep your account safe. Sign in again.',
  'auth.origin_forbidden': 'This address is not the one your server expects. Open Parley at its own address.',
  'auth.password_weak': 'This password is too easy to guess. Make it longer or less common.',
  'auth.password_wrong': 'That is not your current password. Try again.',
  'auth.link_invalid': 'This link has expired or was used before. Ask for a new one.',
  'account.sole_owner': 'You are the only owner of a workspace. Make someone else an owner first.',
  'auth.email_taken': 'An account with this email address exists. Sign in instead.',
  'permission.denied': 'You are not allowed to do this. Ask an admin of the workspace.',
  'precondition.failed': 'This was changed elsewhere in the meantime. Look at it again, then change it.',
  'user.not_found': 'You can’t see this person: you share no workspace.',
  'session.not_found': 'That session has already ended.',
  'workspace.not_found': 'This workspace doesn’t exist, or you are not a member of it.',
  'workspace.last_owner': 'You are the only owner. Make someone else an owner first.',
  'member.not_found': 'That person is no longer a member.',
  'invite.not_found': 'This invite doesn’t exist. Ask for a new link.',
  'invite.expired': 'This invite no longer works. Ask for a new link.',
  'channel.direct_unsupported': 'Direct conversations have no such settings.',
  'channel.direct_only': 'This is for direct conversations.',
  'channel.direct_exists': 'You have a conversation with exactly these people already.',
  'channel.direct_full': 'This conversation has as many people as it can. Make a channel instead.',
  'channel.already_member': 'This person is in it already.',
  'channel.is_default': 'A default channel stays public and open. Make it an ordinary one first.',
  'channel.last_default': 'A workspace needs a default channel. Choose another one first.',
  'channel.last_admin': 'A channel needs an admin. Make somebody else one first.',
  'channel.admin_ineligible': 'Guests and bots can’t run channels.',
  'direct_invitation.not_found': 'This proposal isn’t there any more.',
  'direct_invitation.decided': 'This was decided on already.',
  'direct_invitation.expired': 'This proposal has expired. Propose it again.',
  'section.not_found': 'This section isn’t there any more.',
  'sidebar.full': 'Your sidebar holds no more sections or channels.',
  'channel.not_found': 'This channel doesn’t exist, or it is private.',
  'channel.not_member': 'You are not in this channel any more. Join it again to write.',
  'channel.name_taken': 'A channel with this name exists. Pick another name.',
  'channel.archived': 'This channel is archived: you can read it, but not change it.',
  'channel.not_joinable': 'This channel is joined by invitation. Ask a member to add you.',
  'channel.direct_fixed': 'People can’t be added to or removed from a direct conversation.',
  'message.not_found': 'That message no longer exists.',
  'message.not_author': 'Only its author can do this.',
  'message.deleted': 'That message was deleted.',
  'message.id_reused': 'This message could not be sent. Copy it and write it again.',
  'stream.too_many': 'Parley is open in too many windows. Close some of them.',
  rate_limited: 'That was a bit fast. Wait a moment and try again.',
  overloaded: 'The server is very busy. Try again in a moment.',
  unavailable: 'Part of the server is not available. Try again in a moment.',
  internal: 'Something went wrong on the server. Try again in a moment.',
};

const OFFLINE = 'The server can’t be reached. Check your connection and try again.';

/** `null` stands for a request that got no reply. */
export const explain = (code: ProblemCode | null): string => {
  if (code === null) return OFFLINE;
  // A newer server may know codes that this client does not.
  return (sentences as Partial<Record<string, string>>)[code] ?? sentences.internal;
};
