import { Injectable } from '@nestjs/common';
import type { AuthResult, Login, Me, Register, SessionProof, UserId } from '#contracts';
import { Clock } from '#core';
import { Database } from '#db';
import { DomainError, type Principal } from '#platform';
import { presentMe } from './account.js';
import { AccountsRepository } from './accounts.repository.js';
import { PasswordCheck } from './password-check.js';
import { Registration } from './registration.service.js';
import { SecondFactor } from './second-factor.js';
import { SessionsService, type Device, type OpenSession } from './sessions.service.js';
import { TokenIssuer } from './token-issuer.js';
import type { User } from './user.entity.js';

export type Authenticated = AuthResult & { accessToken: string; refreshToken: string };

/** Accounts, and the sessions they open. */
@Injectable()
export class AuthService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountsRepository,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordCheck,
    private readonly tokens: TokenIssuer,
    private readonly secondFactor: SecondFactor,
    private readonly registration: Registration,
    private readonly clock: Clock,
  ) {}

  async register(input: Register, device: Device): Promise<Authenticated> {
    const { user, begun } = await this.registration.register(input, (tx, id) =>
      this.sessions.open(tx, id, device),
    );
    return this.authenticated(user, begun);
  }

  async login(input: Login, device: Device): Promise<Authenticated> {
    const user = await this.accounts.findUserByEmail(input.email);
    await this.passwords.require(input.email, user?.passwordHash, input.password);
    if (!user) throw new DomainError('auth.invalid_credentials');
    await this.secondFactor.demand(user.id, user.passwordHash);
    return this.open(user, device, 'password');
  }

  /** A session for someone who has proven otherwise who they are. */
  async admit(userId: UserId, device: Device, openedBy: SessionProof): Promise<Authenticated> {
    return this.open(await this.getUser(userId), device, openedBy);
  }

  async refresh(refreshToken: string): Promise<Authenticated> {
    const session = await this.sessions.rotate(refreshToken);
    return this.authenticated(await this.getUser(session.userId), session);
  }

  async me(caller: Principal): Promise<Me> {
    const row = await this.accounts.findMe(caller.userId);
    if (!row) throw new DomainError('auth.token_invalid');
    return presentMe(row, this.clock.now());
  }

  private async open(user: User, device: Device, openedBy: SessionProof): Promise<Authenticated> {
    const session = await this.database.transaction((tx) =>
      this.sessions.open(tx, user.id, device, openedBy),
    );
    return this.authenticated(user, session);
  }

  private async getUser(id: UserId): Promise<User> {
    const user = await this.accounts.findUser(id);
    if (!user) throw new DomainError('auth.token_invalid');
    return user;
  }

  private async authenticated(user: User, session: OpenSession): Promise<Authenticated> {
    const { accessToken, expiresIn } = await this.tokens.issue({
      userId: user.id,
      sessionId: session.sessionId,
      kind: 'user',
    });
    return {
      user: presentMe(user, this.clock.now()),
      sessionId: session.sessionId,
      expiresIn,
      accessToken,
      refreshToken: session.refreshToken,
    };
  }
}
