import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { PostingRequest, type PostingReply } from '#contracts';
import { PostingService } from './posting.service.js';

/** `rpc.v1.chat.posting` */
@Controller()
export class PostingHandler {
  constructor(private readonly posting: PostingService) {}

  @MessagePattern<string>('posting')
  verdicts(@Payload({ schema: PostingRequest }) body: PostingRequest): Promise<PostingReply> {
    return this.posting.judge(body);
  }
}
