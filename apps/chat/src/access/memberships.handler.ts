import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { MembershipsRequest, type MembershipsReply } from '#contracts';
import { AccessService } from './access.service.js';

/** `rpc.v1.chat.memberships` */
@Controller()
export class MembershipsHandler {
  constructor(private readonly access: AccessService) {}

  @MessagePattern('memberships')
  memberships(@Payload() body: unknown): Promise<MembershipsReply> {
    return this.access.memberships(MembershipsRequest.parse(body));
  }
}
