import { BaseRpcContext } from '@nestjs/microservices';

/** What a handler may ask about its delivery (`@Ctx()`). */
export class JetStreamContext extends BaseRpcContext<[string, number, number]> {
  constructor(subject: string, streamSeq: number, deliveryCount: number) {
    super([subject, streamSeq, deliveryCount]);
  }

  get subject(): string {
    return this.args[0];
  }
  /** Position in the event stream. */
  get streamSeq(): number {
    return this.args[1];
  }
  get deliveryCount(): number {
    return this.args[2];
  }
}
