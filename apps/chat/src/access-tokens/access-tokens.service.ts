import { Injectable } from '@nestjs/common';
import type {
  AccessTokenId,
  AccessTokens,
  CreateAccessToken,
  CreatedAccessToken,
  SessionId,
  UserId,
} from '#contracts';
import { uuidv7 } from '#core';
import { Outbox, type Tx } from '#db';
import { accessTokenHash, accessTokenHint, DomainError, newAccessToken, type Principal } from '#platform';
import { Reauthentication } from '../accounts/reauthentication.service.js';
import { SessionRevocation } from '../accounts/session-revocation.js';
import { requirePerson } from '../accounts/person.js';
import { newEvent } from '../events/new-event.js';
import { MAX_ACCESS_TOKENS, presentAccessToken } from './access-token.js';
import { AccessTokenSet } from './access-token-set.service.js';
import { AccessTokensRepository } from './access-tokens.repository.js';

const DAY_MS = 86_400_000;

/** Tokens by which programs act for a person. */
@Injectable()
export class AccessTokensService {
  constructor(
    private readonly tokens: AccessTokensRepository,
    private readonly set: AccessTokenSet,
    private readonly people: Reauthentication,
    private readonly outbox: Outbox,
    private readonly revocation: SessionRevocation,
  ) {}

  async list(caller: Principal): Promise<AccessTokens> {
    requirePerson(caller);
    return this.set.of(caller.userId);
  }

  async create(caller: Principal, input: CreateAccessToken): Promise<CreatedAccessToken> {
    await this.people.require(caller, input.password);
    const { userId } = caller;
    const token = newAccessToken();
    return this.set.change(userId, async (tx, createdAt) => {
      if ((await this.tokens.list(tx, userId)).length >= MAX_ACCESS_TOKENS)
        throw new DomainError('access_token.too_many');
      const row = {
        id: uuidv7() as AccessTokenId,
        userId,
        hint: accessTokenHint(token),
        name: input.name,
        scopes: input.scopes,
        createdAt,
        expiresAt:
          input.expiresInDays === null ? null : new Date(createdAt.getTime() + input.expiresInDays * DAY_MS),
      };
      await this.tokens.insert(tx, row, accessTokenHash(token) as Buffer);
      return { ...presentAccessToken({ ...row, lastUsedAt: null }), token };
    });
  }

  /** Voids the token and ends its streams, everywhere and at once. */
  async revoke(caller: Principal, id: AccessTokenId): Promise<void> {
    requirePerson(caller);
    await this.set.change(caller.userId, async (tx, now) => {
      if (!(await this.tokens.remove(tx, id, caller.userId))) throw new DomainError('access_token.not_found');
      await this.tell(tx, caller.userId, id, now);
    });
    await this.revocation.announce(asSession(id));
  }

  /** All of someone whose account goes, in its transaction; `SessionsService.announce` what it returns. */
  async revokeAllIn(tx: Tx, userId: UserId, now: Date): Promise<SessionId[]> {
    const tokens = await this.tokens.list(tx, userId);
    for (const { id } of tokens) {
      await this.tokens.remove(tx, id, userId);
      await this.tell(tx, userId, id, now);
    }
    return tokens.map(({ id }) => asSession(id));
  }

  private async tell(tx: Tx, userId: UserId, id: AccessTokenId, time: Date): Promise<void> {
    const about = { workspaceId: null, actorId: userId, time };
    const event = newEvent('session.revoked', about, { sessionId: asSession(id) });
    await this.outbox.append(tx, event, { scope: 'user', id: userId });
  }
}

/** Whoever ends sessions ends tokens by the same id. */
const asSession = (id: AccessTokenId) => id as unknown as SessionId;
