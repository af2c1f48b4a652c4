import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { AcquaintancesRequest, type AcquaintancesReply } from '#contracts';
import { MembersService } from './members.service.js';

/** `rpc.v1.chat.acquaintances` */
@Controller()
export class AcquaintancesHandler {
  constructor(private readonly members: MembersService) {}

  @MessagePattern<string>('acquaintances')
  acquaintances(
    @Payload({ schema: AcquaintancesRequest }) body: AcquaintancesRequest,
  ): Promise<AcquaintancesReply> {
    return this.members.acquaintances(body);
  }
}
