import { Injectable } from '@nestjs/common';
import type { EmojiKey, Message, MessageId, ReactorPage, ReactorsQuery } from '#contracts';
import { cutPage } from '#core';
import { Database } from '#db';
import { DomainError, type Principal } from '#platform';
import { EmojiService } from '../emoji/emoji.service.js';
import { MessageAccess } from '../messages/message-access.js';
import { MessageChanges } from '../messages/message-changes.service.js';
import { presentMessage } from '../messages/message.js';
import { customName, hasRoomFor, presentReactor, reactorCursor, reactorKey } from './reaction.js';
import { ReactionsRepository } from './reactions.repository.js';

/** Reactions to messages: one of each emoji for each person. */
@Injectable()
export class ReactionsService {
  constructor(
    private readonly database: Database,
    private readonly access: MessageAccess,
    private readonly changes: MessageChanges,
    private readonly reactions: ReactionsRepository,
    private readonly emoji: EmojiService,
  ) {}

  /** The message with the reaction. Whoever reacts at the same moment waits for the row, so counts are right. */
  async add(caller: Principal, id: MessageId, emoji: EmojiKey): Promise<Message> {
    const { channel } = await this.access.writable(caller, id);
    const name = customName(emoji);
    const exists = name === null || (await this.emoji.has(channel.workspaceId, name));
    return this.database.transaction(async (tx) => {
      const message = await this.changes.lock(tx, id);
      const kinds = await this.reactions.kinds(tx, id);
      // What is there already may be joined, even if its emoji has been deleted since.
      if (!exists && !kinds.includes(emoji)) throw new DomainError('emoji.not_found');
      if (!hasRoomFor(emoji, kinds)) throw new DomainError('reaction.too_many');
      if (!(await this.reactions.add(tx, id, emoji, caller.userId, this.changes.now())))
        return presentMessage(message);
      const who = { emoji, userId: caller.userId };
      return this.changes.changed(tx, id, 'reaction.added', caller.userId, who);
    });
  }

  async remove(caller: Principal, id: MessageId, emoji: EmojiKey): Promise<void> {
    await this.access.writable(caller, id);
    await this.database.transaction(async (tx) => {
      await this.changes.lock(tx, id);
      if (!(await this.reactions.remove(tx, id, emoji, caller.userId))) return;
      const who = { emoji, userId: caller.userId };
      await this.changes.changed(tx, id, 'reaction.removed', caller.userId, who);
    });
  }

  async list(
    caller: Principal,
    id: MessageId,
    { emoji, cursor, limit }: ReactorsQuery,
  ): Promise<ReactorPage> {
    await this.access.readable(caller, id);
    const rows = await this.reactions.list(id, emoji ?? null, reactorCursor(cursor), limit + 1);
    const page = cutPage(rows, limit, reactorKey);
    const now = this.changes.now();
    return { ...page, data: page.data.map((row) => presentReactor(row, now)) };
  }
}
