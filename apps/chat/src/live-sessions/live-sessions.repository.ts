import { Injectable } from '@nestjs/common';
import type { SessionId } from '#contracts';
import { Database, type Statement } from '#db';

/** Personal access tokens stand where sessions do, with their own id. */
const LIVE: Statement = {
  name: 'live_sessions',
  text: `
    SELECT id FROM chat.sessions WHERE id = ANY($1::uuid[]) AND revoked_at IS NULL AND expires_at > $2
    UNION ALL
    SELECT id FROM chat.access_tokens WHERE id = ANY($1::uuid[]) AND (expires_at IS NULL OR expires_at > $2)`,
};

@Injectable()
export class LiveSessionsRepository {
  constructor(private readonly database: Database) {}

  async live(ids: readonly SessionId[], now: Date): Promise<SessionId[]> {
    return (await this.database.run<{ id: SessionId }>(LIVE, [ids, now])).map(({ id }) => id);
  }
}
