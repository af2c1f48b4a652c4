import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Put } from '@nestjs/common';
import { params, SetStatus, UpdateProfile, type Me, type User, type UserId } from '#contracts';
import { Caller, type Principal } from '#platform';
import { ProfilesService } from './profiles.service.js';
import { StatusService } from './status.service.js';

@Controller()
export class ProfilesController {
  constructor(
    private readonly profiles: ProfilesService,
    private readonly statuses: StatusService,
  ) {}

  @Get('users/:userId')
  get(
    @Caller() caller: Principal,
    @Param({ schema: params.u }) { userId }: { userId: UserId },
  ): Promise<User> {
    return this.profiles.get(caller, userId);
  }

  @Patch('me')
  update(@Caller() caller: Principal, @Body({ schema: UpdateProfile }) body: UpdateProfile): Promise<Me> {
    return this.profiles.update(caller, body);
  }

  @Put('me/status')
  setStatus(@Caller() caller: Principal, @Body({ schema: SetStatus }) body: SetStatus): Promise<Me> {
    return this.statuses.set(caller, body);
  }

  @Delete('me/status')
  @HttpCode(204)
  async clearStatus(@Caller() caller: Principal): Promise<void> {
    await this.statuses.clear(caller);
  }
}
