import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ChannelId, InviteId, InviteRole, UserId, WorkspaceId } from '#contracts';

/** The token is stored as SHA-256; the link is shown once. */
@Entity('invites')
export class Invite {
  @PrimaryColumn('uuid') id!: InviteId;
  @Column('uuid', { name: 'workspace_id' }) workspaceId!: WorkspaceId;
  @Column('bytea', { name: 'token_hash' }) tokenHash!: Buffer;
  @Column('uuid', { name: 'created_by' }) createdBy!: UserId;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
  @Column('integer', { name: 'max_uses', nullable: true }) maxUses!: number | null;
  @Column('integer') uses!: number;
  @Column('text') role!: InviteRole;
  @Column('uuid', { name: 'channel_ids', array: true }) channelIds!: ChannelId[];
  /** Where it was sent; null for a link. */
  @Column('text', { nullable: true }) email!: string | null;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
}
