import { Injectable } from '@nestjs/common';
import type { UserId } from '#contracts';
import { Database, type Tx } from '#db';

export type CredentialKind = 'two_factor' | 'passkeys' | 'access_tokens';

const NEXT = `
  INSERT INTO chat.credential_versions AS v (user_id, kind, version) VALUES ($1, $2, 1)
  ON CONFLICT (user_id, kind) DO UPDATE SET version = v.version + 1 RETURNING version`;
const CURRENT = {
  name: 'credential_version',
  text: `SELECT version FROM chat.credential_versions WHERE user_id = $1 AND kind = $2`,
};

@Injectable()
export class CredentialVersionsRepository {
  constructor(private readonly database: Database) {}

  async next(tx: Tx, userId: UserId, kind: CredentialKind): Promise<number> {
    const [row] = await tx.query<{ version: number }>(NEXT, [userId, kind]);
    return row?.version ?? 0;
  }

  async current(userId: UserId, kind: CredentialKind): Promise<number> {
    const [row] = await this.database.run<{ version: number }>(CURRENT, [userId, kind]);
    return row?.version ?? 0;
  }
}
