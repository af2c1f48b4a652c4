import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { MessageCreated, MessageUpdated, type Message, type MessageId } from '#contracts';
import { RetryLater } from '#bus';
import { DatabaseUnavailable } from '#db';
import { CONFIG, DomainError } from '#platform';
import type { ChatConfig } from '../config.js';
import { Jobs } from '../jobs/jobs.service.js';
import { findPreviews, LinkPreviewsService } from './link-previews.service.js';
import { PreviewFinder } from './preview-finder.js';

/** Follows messages, and does what `plan` left to do. */
@Controller()
export class LinkPreviewsHandler {
  constructor(
    private readonly previews: LinkPreviewsService,
    private readonly finder: PreviewFinder,
    @Inject(CONFIG) private readonly config: ChatConfig,
    jobs: Jobs,
  ) {
    jobs.work(findPreviews, ({ messageId }, { signal }) => this.find(messageId, signal));
  }

  @EventPattern<string>('message.created')
  created(@Payload({ schema: MessageCreated }) { data }: MessageCreated): Promise<void> {
    return this.plan(data.message);
  }

  @EventPattern<string>('message.updated')
  async updated(@Payload({ schema: MessageUpdated }) { data }: MessageUpdated): Promise<void> {
    if (data.message.editedAt !== null) await this.plan(data.message);
  }

  private async plan(message: Message): Promise<void> {
    if (!this.config.linkPreviews.enabled) return;
    try {
      await this.previews.plan(message);
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw new RetryLater(error.message);
      throw error;
    }
  }

  private async find(id: MessageId, signal: AbortSignal): Promise<void> {
    const wanted = await this.previews.wanted(id);
    if (!wanted) return;
    const { links, fresh, workspaceId } = wanted;
    const found = await Promise.all(fresh.map((url) => this.finder.find(url, workspaceId, signal)));
    try {
      await this.previews.attach(
        id,
        links,
        found.filter((one) => one !== null),
      );
    } catch (error) {
      // It was deleted meanwhile.
      if (!(error instanceof DomainError)) throw error;
    }
  }
}
