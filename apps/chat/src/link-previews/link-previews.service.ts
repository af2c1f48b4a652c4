import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { MessageId, type Message } from '#contracts';
import { Database } from '#db';
import { DomainError, type Principal } from '#platform';
import { job } from '../jobs/job.js';
import { Jobs } from '../jobs/jobs.service.js';
import { MessageAccess } from '../messages/message-access.js';
import { MessageChanges } from '../messages/message-changes.service.js';
import { arrange, sameLinks, samePreviews } from './link-preview.js';
import { LinkPreviewsRepository } from './link-previews.repository.js';
import { linksOf } from './links.js';

export const findPreviews = job('link_previews.find', z.strictObject({ messageId: MessageId }), {
  lane: 'outside',
  retryLimit: 3,
});
type Found = Parameters<typeof arrange>[2];

/** What the links of a message lead to. */
@Injectable()
export class LinkPreviewsService {
  constructor(
    private readonly database: Database,
    private readonly access: MessageAccess,
    private readonly changes: MessageChanges,
    private readonly previews: LinkPreviewsRepository,
    private readonly jobs: Jobs,
  ) {}

  /** Has the links of a message looked up, unless they have been. Doing so twice does nothing twice. */
  async plan({ id, text, editedAt }: Message): Promise<void> {
    // A message that was never edited had its links from the start.
    if (linksOf(text).length === 0 && editedAt === null) return;
    const links = await this.wanted(id);
    if (!links) return;
    await this.database.transaction((tx) =>
      this.jobs.enqueue(tx, findPreviews, { messageId: id }, { key: id }),
    );
  }

  /** The links of a message that nobody has looked up, and where the message is; null when there is nothing to do. */
  async wanted(id: MessageId) {
    const source = await this.previews.source(id);
    if (!source || source.deleted || !source.wanted) return null;
    const links = linksOf(source.text);
    if (sameLinks(links, source.attempted)) return null;
    return {
      links,
      workspaceId: source.workspaceId,
      fresh: links.filter((url) => !source.attempted.includes(url)),
    };
  }

  /** Shows what was found, once for all links; a message that has other links by now waits for theirs. */
  async attach(id: MessageId, links: readonly string[], found: Found): Promise<void> {
    await this.database.transaction(async (tx) => {
      const message = await this.changes.lock(tx, id);
      if (!sameLinks(linksOf(message.text), links)) return;
      const present = await this.previews.present(tx, id);
      const next = arrange(links, present, found);
      await this.previews.recordAttempt(tx, id, links);
      if (samePreviews(present, next)) return;
      await this.previews.replace(tx, id, next);
      await this.changes.changed(tx, id, 'message.updated', message.senderId, {});
    });
  }

  /** For good: the link is not looked up again as long as it stays in the message. */
  async remove(caller: Principal, id: MessageId, position: number): Promise<void> {
    const { message } = await this.access.writable(caller, id);
    if (message.senderId !== caller.userId) throw new DomainError('message.not_author');
    await this.database.transaction(async (tx) => {
      await this.changes.lock(tx, id);
      if (!(await this.previews.remove(tx, id, position))) throw new DomainError('preview.not_found');
      await this.changes.changed(tx, id, 'message.updated', caller.userId, {});
    });
  }
}
