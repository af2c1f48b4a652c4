import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  AccessTokenParams,
  CreateAccessToken,
  type AccessTokenId,
  type AccessTokens,
  type CreatedAccessToken,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { AccessTokensService } from './access-tokens.service.js';

@Controller('me/access-tokens')
export class AccessTokensController {
  constructor(private readonly tokens: AccessTokensService) {}

  @Get()
  list(@Caller() caller: Principal): Promise<AccessTokens> {
    return this.tokens.list(caller);
  }

  @Post()
  create(
    @Caller() caller: Principal,
    @Body({ schema: CreateAccessToken }) body: CreateAccessToken,
  ): Promise<CreatedAccessToken> {
    return this.tokens.create(caller, body);
  }

  @Delete(':accessTokenId')
  @HttpCode(204)
  revoke(
    @Caller() caller: Principal,
    @Param({ schema: AccessTokenParams }) { accessTokenId }: { accessTokenId: AccessTokenId },
  ): Promise<void> {
    return this.tokens.revoke(caller, accessTokenId);
  }
}
