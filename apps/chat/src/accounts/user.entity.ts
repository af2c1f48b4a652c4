import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { UserId } from '#contracts';

@Entity('users')
export class User {
  @PrimaryColumn('uuid') id!: UserId;
  @Column('text') kind!: 'user' | 'bot';
  @Column('text') name!: string;
  @Column('text', { nullable: true }) email!: string | null;
  @Column('text', { name: 'password_hash', nullable: true }) passwordHash!: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}
