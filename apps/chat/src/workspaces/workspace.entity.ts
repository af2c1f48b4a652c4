import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { UserId, WorkspaceId } from '#contracts';

@Entity('workspaces')
export class Workspace {
  @PrimaryColumn('uuid') id!: WorkspaceId;
  @Column('text') name!: string;
  @Column('uuid', { name: 'created_by' }) createdBy!: UserId;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}
