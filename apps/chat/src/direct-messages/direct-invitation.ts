import type { ChannelId, DirectInvitation, UserId, WorkspaceId } from '#contracts';

export const EXPIRES_AFTER_MS = 7 * 24 * 3600 * 1000;
/** As many as a conversation can be opened with. */
export const MAX_PEOPLE = 9;

export type InvitationRow = {
  id: DirectInvitation['id'];
  workspaceId: WorkspaceId;
  channelId: ChannelId;
  /** Who is to be added. */
  userId: UserId;
  proposedBy: UserId;
  state: DirectInvitation['state'];
  acceptedBy: UserId[];
  declinedBy: UserId | null;
  createdAt: Date;
  expiresAt: Date;
  version: number;
};
export type Answer = 'accept' | 'decline';
/** Why an answer does not count. */
export type Unanswerable = 'expired' | 'decided' | 'no_voter';

/** Whoever proposes agrees. */
export const propose = (
  about: Pick<InvitationRow, 'id' | 'workspaceId' | 'channelId' | 'userId' | 'proposedBy'>,
  now: Date,
): InvitationRow => ({
  ...about,
  state: 'pending',
  acceptedBy: [],
  declinedBy: null,
  createdAt: now,
  expiresAt: new Date(+now + EXPIRES_AFTER_MS),
  version: 0,
});

/** As it stands now: time runs out without anybody writing it down. */
export const stateAt = ({ state, expiresAt }: InvitationRow, now: Date): InvitationRow['state'] =>
  state === 'pending' && now >= expiresAt ? 'expired' : state;

/**
 * One person's answer. One no decides; it takes the yes of everyone who is in the conversation now, so those
 * who left are not waited for, and those who came in between are.
 */
export const answer = (
  invitation: InvitationRow,
  userId: UserId,
  given: Answer,
  voters: ReadonlySet<UserId>,
  now: Date,
): InvitationRow | Unanswerable => {
  const state = stateAt(invitation, now);
  if (state === 'expired') return 'expired';
  if (!voters.has(userId)) return 'no_voter';
  if (state !== 'pending') return 'decided';
  const version = invitation.version + 1;
  if (given === 'decline') return { ...invitation, version, state: 'declined', declinedBy: userId };
  const acceptedBy = [...new Set([...invitation.acceptedBy, userId])];
  const agreed = [...voters].every((voter) => acceptedBy.includes(voter));
  return { ...invitation, version, acceptedBy, state: agreed ? 'accepted' : 'pending' };
};
