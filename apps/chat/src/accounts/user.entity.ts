import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ImageId, Status, UserId } from '#contracts';

@Entity('users')
export class User {
  @PrimaryColumn('uuid') id!: UserId;
  @Column('text') kind!: 'user' | 'bot';
  @Column('text') name!: string;
  @Column('text', { nullable: true }) email!: string | null;
  @Column('timestamptz', { name: 'email_verified_at', nullable: true }) emailVerifiedAt!: Date | null;
  @Column('text', { name: 'pending_email', nullable: true }) pendingEmail!: string | null;
  @Column('text', { name: 'password_hash', nullable: true }) passwordHash!: string | null;
  @Column('text', { default: '' }) title!: string;
  @Column('text', { default: '' }) pronouns!: string;
  @Column('text', { name: 'time_zone', nullable: true }) timeZone!: string | null;
  @Column('text', { nullable: true }) locale!: string | null;
  @Column('uuid', { name: 'avatar_image_id', nullable: true }) avatarImageId!: ImageId | null;
  @Column('jsonb', { nullable: true }) status!: Status | null;
  @Column('int', { default: 0 }) version!: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'deleted_at', nullable: true }) deletedAt!: Date | null;
}
