import { Global, Module } from '@nestjs/common';
import { AccessTokenVerifier, RevocationList, TokenVerifier } from '#platform';
import { AccountsModule } from '../accounts/accounts.module.js';
import { SigningKey } from '../accounts/signing-key.js';
import { CredentialsModule } from '../credentials/credentials.module.js';
import { AccessTokenSet } from './access-token-set.service.js';
import { AccessTokensController } from './access-tokens.controller.js';
import { AccessTokensRepository } from './access-tokens.repository.js';
import { AccessTokensService } from './access-tokens.service.js';
import { IntrospectionHandler } from './introspection.handler.js';
import { Introspection } from './introspection.service.js';

/** Global for its `TokenVerifier`, which guards every route. */
@Global()
@Module({
  imports: [AccountsModule, CredentialsModule],
  controllers: [AccessTokensController, IntrospectionHandler],
  providers: [
    AccessTokenSet,
    AccessTokensRepository,
    AccessTokensService,
    Introspection,
    {
      provide: TokenVerifier,
      inject: [SigningKey, RevocationList, Introspection],
      useFactory: (key: SigningKey, revocations: RevocationList, introspection: Introspection) =>
        new TokenVerifier(
          key.publicKey,
          revocations,
          new AccessTokenVerifier((hash) => introspection.introspect(hash)),
        ),
    },
  ],
  exports: [AccessTokensService, TokenVerifier],
})
export class AccessTokensModule {}
