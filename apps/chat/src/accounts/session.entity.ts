import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SessionId, SessionProof, UserId } from '#contracts';

@Entity('sessions')
export class Session {
  @PrimaryColumn('uuid') id!: SessionId;
  @Column('uuid', { name: 'user_id' }) userId!: UserId;
  @Column('text', { name: 'user_agent' }) userAgent!: string;
  @Column('text') ip!: string;
  @Column('text', { name: 'opened_by' }) openedBy!: SessionProof;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'last_seen_at' }) lastSeenAt!: Date;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt!: Date;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
}
