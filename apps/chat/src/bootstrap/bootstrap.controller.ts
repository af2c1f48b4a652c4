import { Controller, Get, Param } from '@nestjs/common';
import { params, type Bootstrap, type WorkspaceId } from '#contracts';
import { Caller, type Principal } from '#platform';
import { BootstrapService } from './bootstrap.service.js';

@Controller('workspaces/:workspaceId/bootstrap')
export class BootstrapController {
  constructor(private readonly service: BootstrapService) {}

  @Get()
  bootstrap(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: { workspaceId: WorkspaceId },
  ): Promise<Bootstrap> {
    return this.service.bootstrap(caller, workspaceId);
  }
}
