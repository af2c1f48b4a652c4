import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { UserId, WorkspaceId, WorkspaceRole } from '#contracts';

@Entity('workspace_members')
export class WorkspaceMember {
  @PrimaryColumn('uuid', { name: 'workspace_id' }) workspaceId!: WorkspaceId;
  @PrimaryColumn('uuid', { name: 'user_id' }) userId!: UserId;
  @Column('text') role!: WorkspaceRole;
  @Column('timestamptz', { name: 'joined_at' }) joinedAt!: Date;
}
