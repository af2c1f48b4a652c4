import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ChannelId, ChannelRole, UserId, WorkspaceId } from '#contracts';

@Entity('channel_members')
export class ChannelMember {
  @PrimaryColumn('uuid', { name: 'channel_id' }) channelId!: ChannelId;
  @PrimaryColumn('uuid', { name: 'user_id' }) userId!: UserId;
  @Column('uuid', { name: 'workspace_id' }) workspaceId!: WorkspaceId;
  @Column('text') role!: ChannelRole;
  @Column('timestamptz', { name: 'joined_at' }) joinedAt!: Date;
}
