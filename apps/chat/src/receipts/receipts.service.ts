import { Injectable } from '@nestjs/common';
import { MAX_RECEIPT_MEMBERS, type MessageId, type PageQuery, type Receipts } from '#contracts';
import { Clock, cutPage } from '#core';
import { DomainError, type Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { presentUser } from '../accounts/account.js';
import { MessageAccess } from '../messages/message-access.js';
import { nameCursor } from '../paging/name-cursor.js';
import { ReceiptsRepository } from './receipts.repository.js';

/** Who has read a message: nothing is written for it, the read cursors tell. */
@Injectable()
export class ReceiptsService {
  constructor(
    private readonly access: AccessService,
    private readonly messages: MessageAccess,
    private readonly receipts: ReceiptsRepository,
    private readonly clock: Clock,
  ) {}

  async list(caller: Principal, messageId: MessageId, { cursor, limit }: PageQuery): Promise<Receipts> {
    const message = await this.messages.readable(caller, messageId);
    await this.access.joinedChannel(caller, message.channelId);
    if (message.deletedAt) throw new DomainError('message.deleted');
    const after = nameCursor(cursor);
    const { shares, members } = await this.receipts.standing(
      caller.userId,
      message.channelId,
      MAX_RECEIPT_MEMBERS,
    );
    if (!shares) throw new DomainError('receipts.disabled');
    if (members > MAX_RECEIPT_MEMBERS) throw new DomainError('receipts.channel_too_large');
    const [count, rows] = await Promise.all([
      this.receipts.count(message),
      this.receipts.readers(message, after, limit + 1),
    ]);
    const page = cutPage(rows, limit, (row) => [row.name, row.id]);
    const now = this.clock.now();
    return { count, readers: { ...page, data: page.data.map((row) => presentUser(row, now)) } };
  }
}
