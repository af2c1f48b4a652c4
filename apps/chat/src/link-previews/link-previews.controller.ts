import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { routes, type MessageId } from '#contracts';
import { Caller, type Principal } from '#platform';
import { LinkPreviewsService } from './link-previews.service.js';

@Controller('messages/:messageId/previews')
export class LinkPreviewsController {
  constructor(private readonly previews: LinkPreviewsService) {}

  @Delete(':position')
  @HttpCode(204)
  async remove(
    @Caller() caller: Principal,
    @Param({ schema: routes.removeLinkPreview.params })
    { messageId, position }: { messageId: MessageId; position: number },
  ): Promise<void> {
    await this.previews.remove(caller, messageId, position);
  }
}
