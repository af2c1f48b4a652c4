import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { MembershipsRequest, type MembershipsReply } from '#contracts';
import { AccessService } from './access.service.js';

/** `rpc.v1.chat.memberships` */
@Controller()
export class MembershipsHandler {
  constructor(private readonly access: AccessService) {}

  @MessagePattern<string>('memberships')
  memberships(@Payload({ schema: MembershipsRequest }) body: MembershipsRequest): Promise<MembershipsReply> {
    return this.access.memberships(body);
  }
}
