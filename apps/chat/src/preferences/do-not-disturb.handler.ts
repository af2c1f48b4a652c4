import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { DoNotDisturbRequest, type DoNotDisturbReply } from '#contracts';
import { PreferencesService } from './preferences.service.js';

/** `rpc.v1.chat.do_not_disturb` */
@Controller()
export class DoNotDisturbHandler {
  constructor(private readonly preferences: PreferencesService) {}

  @MessagePattern<string>('do_not_disturb')
  doNotDisturb(
    @Payload({ schema: DoNotDisturbRequest }) body: DoNotDisturbRequest,
  ): Promise<DoNotDisturbReply> {
    return this.preferences.doNotDisturb(body);
  }
}
