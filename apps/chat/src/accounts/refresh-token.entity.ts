import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SessionId } from '#contracts';

/** Stored as SHA-256: a copy of the database can't refresh a session. */
@Entity('refresh_tokens')
export class RefreshToken {
  @PrimaryColumn('bytea') hash!: Buffer;
  @Column('uuid', { name: 'session_id' }) sessionId!: SessionId;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'used_at', nullable: true }) usedAt!: Date | null;
}
