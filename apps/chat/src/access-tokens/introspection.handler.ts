import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { IntrospectRequest, type IntrospectReply } from '#contracts';
import { Introspection } from './introspection.service.js';

/** `rpc.v1.chat.introspect` */
@Controller()
export class IntrospectionHandler {
  constructor(private readonly introspection: Introspection) {}

  @MessagePattern<string>('introspect')
  async introspect(
    @Payload({ schema: IntrospectRequest }) { hash }: IntrospectRequest,
  ): Promise<IntrospectReply> {
    return { token: await this.introspection.introspect(Buffer.from(hash, 'base64url')) };
  }
}
