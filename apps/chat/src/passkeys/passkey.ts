import type { Passkey, PasskeyId, UserId } from '#contracts';

export const MAX_PASSKEYS = 25;

export type PasskeyRow = {
  id: PasskeyId;
  userId: UserId;
  credentialId: Buffer;
  publicKey: Buffer;
  counter: number;
  transports: string[];
  synced: boolean;
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
};

export const presentPasskey = (row: PasskeyRow): Passkey => ({
  id: row.id,
  name: row.name,
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  synced: row.synced,
});

/** A user handle (WebAuthn §4): the bytes of the id, which tell nothing about the person. */
export const handleOf = (userId: UserId): Buffer => Buffer.from(userId.replaceAll('-', ''), 'hex');
