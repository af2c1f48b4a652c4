import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { SessionId, Session as SessionView, SessionProof, UserId } from '#contracts';
import { Clock, uuidv7 } from '#core';
import { Database, Outbox, type Tx } from '#db';
import { CONFIG, DomainError, type Principal } from '#platform';
import type { ChatConfig } from '../config.js';
import { newEvent } from '../events/new-event.js';
import { judgeRefresh, presentSession, REUSE_LEEWAY_MS } from './account.js';
import { AccountsRepository } from './accounts.repository.js';
import { requirePerson } from './person.js';
import { SessionRevocation } from './session-revocation.js';

const DAY_MS = 86_400_000;
const sha256 = (token: string): Buffer => createHash('sha256').update(token).digest();

export type Device = { userAgent: string; ip: string };
/** A session and the refresh token that continues it; the token exists in clear only here. */
export type OpenSession = { sessionId: SessionId; userId: UserId; refreshToken: string };

/** Sessions and their rotating refresh tokens (RFC 9700 §4.14: reuse revokes the family). */
@Injectable()
export class SessionsService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountsRepository,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly revocation: SessionRevocation,
    @Inject(CONFIG) private readonly config: ChatConfig,
  ) {}

  async open(
    tx: Tx,
    userId: UserId,
    device: Device,
    openedBy: SessionProof = 'password',
  ): Promise<OpenSession> {
    const now = this.clock.now();
    const session = {
      id: uuidv7() as SessionId,
      userId,
      userAgent: device.userAgent.slice(0, 300),
      ip: device.ip,
      openedBy,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: this.expiry(now),
      revokedAt: null,
    };
    await this.accounts.insertSession(tx, session);
    return { sessionId: session.id, userId, refreshToken: await this.issue(tx, session.id) };
  }

  /** Trades a refresh token for the next one. A token used twice revokes its session. */
  async rotate(refreshToken: string): Promise<OpenSession> {
    const outcome = await this.database.transaction(async (tx) => {
      const now = this.clock.now();
      const token = await this.accounts.lockRefreshToken(tx, sha256(refreshToken));
      const session = token && (await this.accounts.findSession(tx, token.sessionId));
      if (!token || !session) throw new DomainError('auth.refresh_invalid');
      const verdict = judgeRefresh(session, token.usedAt, now);
      if (verdict === 'invalid') throw new DomainError('auth.refresh_invalid');
      if (verdict === 'reused') {
        await this.revokeIn(tx, session.id, session.userId);
        return { reused: session.id };
      }
      if (!token.usedAt) await this.accounts.useRefreshToken(tx, token.hash, now);
      await this.accounts.touchSession(tx, session.id, now, this.expiry(now));
      // Kept for a day, so that a stolen token is recognised; afterwards it is merely unknown.
      await this.accounts.dropTokensUsedBefore(
        tx,
        session.id,
        new Date(now.getTime() - DAY_MS - REUSE_LEEWAY_MS),
      );
      return {
        opened: {
          sessionId: session.id,
          userId: session.userId,
          refreshToken: await this.issue(tx, session.id),
        },
      };
    });
    if (outcome.opened) return outcome.opened;
    await this.revocation.announce(outcome.reused);
    throw new DomainError('auth.refresh_reused');
  }

  async list(caller: Principal): Promise<SessionView[]> {
    const sessions = await this.accounts.liveSessions(caller.userId, this.clock.now());
    return sessions.map((session) => presentSession(session, caller.sessionId));
  }

  /** Voids the session's tokens and ends its streams, everywhere and at once. */
  async revoke(caller: Principal, sessionId: SessionId): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await this.revokeIn(tx, sessionId, caller.userId))) throw new DomainError('session.not_found');
    });
    await this.revocation.announce(sessionId);
  }

  /** Ends all sessions but the one that asks. */
  async revokeOthers(caller: Principal): Promise<void> {
    requirePerson(caller);
    const revoked = await this.database.transaction((tx) =>
      this.revokeAllIn(tx, caller.userId, caller.sessionId),
    );
    await this.announce(revoked);
  }

  /** Revokes in the caller's transaction; `announce` what it returns after the commit. */
  async revokeAllIn(tx: Tx, userId: UserId, except: SessionId | null): Promise<SessionId[]> {
    const now = this.clock.now();
    const revoked = await this.accounts.revokeSessions(tx, userId, except, now);
    for (const sessionId of revoked) await this.tell(tx, userId, sessionId, now);
    return revoked;
  }

  async announce(revoked: readonly SessionId[]): Promise<void> {
    for (const sessionId of revoked) await this.revocation.announce(sessionId);
  }

  private async revokeIn(tx: Tx, sessionId: SessionId, userId: UserId): Promise<boolean> {
    const now = this.clock.now();
    if (!(await this.accounts.revokeSession(tx, sessionId, userId, now))) return false;
    await this.tell(tx, userId, sessionId, now);
    return true;
  }

  private async tell(tx: Tx, userId: UserId, sessionId: SessionId, now: Date): Promise<void> {
    const event = newEvent(
      'session.revoked',
      { workspaceId: null, actorId: userId, time: now },
      { sessionId },
    );
    await this.outbox.append(tx, event, { scope: 'user', id: userId });
  }

  private async issue(tx: Tx, sessionId: SessionId): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await this.accounts.insertRefreshToken(tx, {
      hash: sha256(token),
      sessionId,
      createdAt: this.clock.now(),
      usedAt: null,
    });
    return token;
  }

  private expiry(now: Date): Date {
    return new Date(now.getTime() + this.config.auth.sessionDays * DAY_MS);
  }
}
