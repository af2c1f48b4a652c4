import { Injectable } from '@nestjs/common';
import type { CustomEmoji, EmojiId, UserId, WorkspaceId } from '#contracts';
import { Clock } from '#core';
import { Outbox, type Tx } from '#db';
import { newEvent } from '../events/new-event.js';
import { presentEmoji, type EmojiRow } from './emoji.js';

/** Tells a workspace what became of its emoji. */
@Injectable()
export class EmojiEvents {
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  now(): Date {
    return this.clock.now();
  }

  async updated(tx: Tx, row: EmojiRow, actorId: UserId): Promise<CustomEmoji> {
    const emoji = presentEmoji(row);
    const about = { workspaceId: row.workspaceId, actorId, time: this.clock.now() };
    const audience = { scope: 'workspace', id: row.workspaceId } as const;
    await this.outbox.append(tx, newEvent('emoji.updated', about, { emoji }), audience);
    return emoji;
  }

  async deleted(tx: Tx, workspaceId: WorkspaceId, emojiId: EmojiId, actorId: UserId): Promise<void> {
    const about = { workspaceId, actorId, time: this.clock.now() };
    const audience = { scope: 'workspace', id: workspaceId } as const;
    await this.outbox.append(tx, newEvent('emoji.deleted', about, { emojiId }), audience);
  }
}
