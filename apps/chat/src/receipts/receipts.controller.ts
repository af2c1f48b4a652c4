import { Controller, Get, Param, Query } from '@nestjs/common';
import { PageQuery, params, type MessageId, type Receipts } from '#contracts';
import { Caller, type Principal } from '#platform';
import { ReceiptsService } from './receipts.service.js';

@Controller('messages/:messageId/receipts')
export class ReceiptsController {
  constructor(private readonly receipts: ReceiptsService) {}

  @Get()
  list(
    @Caller() caller: Principal,
    @Param({ schema: params.m }) { messageId }: { messageId: MessageId },
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<Receipts> {
    return this.receipts.list(caller, messageId, query);
  }
}
