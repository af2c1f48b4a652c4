import { Injectable } from '@nestjs/common';
import type { ChannelId, UserId, WorkspaceId } from '#contracts';
import type { Tx } from '#db';
import type { InvitationRow } from './direct-invitation.js';

const FIND = `SELECT id FROM chat.channels WHERE workspace_id = $1 AND direct_key = $2`;
const KNOWN = `
  SELECT w.user_id AS id FROM chat.workspace_members w WHERE w.workspace_id = $1 AND w.user_id = ANY($2::uuid[])`;
/** Guests know whom they share a channel with. */
const KNOWN_TO_GUEST = `${KNOWN} AND (w.user_id = $3 OR EXISTS (
    SELECT 1 FROM chat.channel_members mine
    JOIN chat.channel_members theirs ON theirs.channel_id = mine.channel_id AND theirs.user_id = w.user_id
    WHERE mine.user_id = $3 AND mine.workspace_id = $1
  ))`;

const COLUMNS = `
  id, workspace_id AS "workspaceId", channel_id AS "channelId", user_id AS "userId", proposed_by AS "proposedBy",
  state, accepted_by::text[] AS "acceptedBy", declined_by AS "declinedBy", created_at AS "createdAt",
  expires_at AS "expiresAt", version`;
const OPEN = `
  SELECT ${COLUMNS} FROM chat.direct_invitations
  WHERE channel_id = $1 AND state = 'pending' AND expires_at > $2 ORDER BY created_at, id LIMIT 100`;
const INVITED = `SELECT user_id AS "userId" FROM chat.direct_invitations WHERE id = $1 AND channel_id = $2`;
const LOCK = `SELECT ${COLUMNS} FROM chat.direct_invitations WHERE id = $1 FOR UPDATE`;
const LOCK_PENDING = `
  SELECT ${COLUMNS} FROM chat.direct_invitations WHERE channel_id = $1 AND user_id = $2 AND state = 'pending' FOR UPDATE`;
const SAVE = `
  INSERT INTO chat.direct_invitations
    (id, workspace_id, channel_id, user_id, proposed_by, state, accepted_by, declined_by, created_at, expires_at, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7::uuid[], $8, $9, $10, $11)
  ON CONFLICT (id) DO UPDATE SET state = excluded.state, accepted_by = excluded.accepted_by,
    declined_by = excluded.declined_by, version = excluded.version`;

/** All SQL on conversations between people, and on adding people to them. */
@Injectable()
export class DirectMessagesRepository {
  async find(tx: Tx, workspaceId: WorkspaceId, directKey: string): Promise<ChannelId | null> {
    return (await tx.query<{ id: ChannelId }>(FIND, [workspaceId, directKey]))[0]?.id ?? null;
  }

  /** How many of `userIds` are in the workspace, and known to the guest if one is given. */
  async countKnown(
    tx: Tx,
    workspaceId: WorkspaceId,
    userIds: readonly UserId[],
    guestId: UserId | null,
  ): Promise<number> {
    const rows = guestId
      ? await tx.query(KNOWN_TO_GUEST, [workspaceId, userIds, guestId])
      : await tx.query(KNOWN, [workspaceId, userIds]);
    return rows.length;
  }

  open(tx: Tx, channelId: ChannelId, now: Date): Promise<InvitationRow[]> {
    return tx.query(OPEN, [channelId, now]);
  }

  /** Whom an invitation of this conversation is about, which never changes. */
  async findInvited(tx: Tx, id: InvitationRow['id'], channelId: ChannelId): Promise<UserId | null> {
    return (await tx.query<{ userId: UserId }>(INVITED, [id, channelId]))[0]?.userId ?? null;
  }

  async lock(tx: Tx, id: InvitationRow['id']): Promise<InvitationRow> {
    return (await tx.query<InvitationRow>(LOCK, [id]))[0] as InvitationRow;
  }

  async lockPending(tx: Tx, channelId: ChannelId, userId: UserId): Promise<InvitationRow | null> {
    return (await tx.query<InvitationRow>(LOCK_PENDING, [channelId, userId]))[0] ?? null;
  }

  async save(tx: Tx, row: InvitationRow): Promise<void> {
    const { id, workspaceId, channelId, userId, proposedBy, state, acceptedBy, declinedBy } = row;
    const decided = [state, acceptedBy, declinedBy, row.createdAt, row.expiresAt, row.version];
    await tx.query(SAVE, [id, workspaceId, channelId, userId, proposedBy, ...decided]);
  }
}
