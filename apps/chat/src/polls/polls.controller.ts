import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import {
  CastVote,
  params,
  VotersQuery,
  type Message,
  type MessageId,
  type MyVote,
  type VoterPage,
} from '#contracts';
import { Caller, type Principal } from '#platform';
import { PollsService } from './polls.service.js';

type M = { messageId: MessageId };

@Controller('messages/:messageId')
export class PollsController {
  constructor(private readonly polls: PollsService) {}

  @Put('vote')
  vote(
    @Caller() caller: Principal,
    @Param({ schema: params.m }) { messageId }: M,
    @Body({ schema: CastVote }) { optionIds }: CastVote,
  ): Promise<Message> {
    return this.polls.vote(caller, messageId, optionIds);
  }

  @Get('vote')
  myVote(@Caller() caller: Principal, @Param({ schema: params.m }) { messageId }: M): Promise<MyVote> {
    return this.polls.myVote(caller, messageId);
  }

  @Get('votes')
  voters(
    @Caller() caller: Principal,
    @Param({ schema: params.m }) { messageId }: M,
    @Query({ schema: VotersQuery }) query: VotersQuery,
  ): Promise<VoterPage> {
    return this.polls.voters(caller, messageId, query);
  }

  @Post('close-poll')
  @HttpCode(200)
  close(@Caller() caller: Principal, @Param({ schema: params.m }) { messageId }: M): Promise<Message> {
    return this.polls.close(caller, messageId);
  }
}
