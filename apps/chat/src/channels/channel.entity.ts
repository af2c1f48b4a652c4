import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ChannelId, ChannelKind, UserId, WorkspaceId } from '#contracts';

/** `last_seq` is left out: only the message writer moves it, in SQL. */
@Entity('channels')
export class Channel {
  @PrimaryColumn('uuid') id!: ChannelId;
  @Column('uuid', { name: 'workspace_id' }) workspaceId!: WorkspaceId;
  @Column('text') kind!: ChannelKind;
  @Column('text', { nullable: true }) name!: string | null;
  @Column('text') topic!: string;
  @Column('text') description!: string;
  @Column('text', { name: 'direct_key', nullable: true }) directKey!: string | null;
  @Column('boolean', { name: 'is_default' }) isDefault!: boolean;
  @Column('uuid', { name: 'created_by' }) createdBy!: UserId;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'archived_at', nullable: true }) archivedAt!: Date | null;
}
