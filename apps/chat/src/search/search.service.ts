import { Injectable } from '@nestjs/common';
import type {
  ChannelId,
  MessageId,
  MessageDeleted,
  MessageCreated,
  MessageUpdated,
  SearchQuery,
  SearchResult,
  WorkspaceId,
} from '#contracts';
import { RetryLater } from '#bus';
import { MicroBatcher } from '#core';
import { DatabaseUnavailable } from '#db';
import type { Principal } from '#platform';
import { AccessService } from '../access/access.service.js';
import { MessagesService } from '../messages/messages.service.js';
import { SearchRepository, type SearchDocument } from './search.repository.js';
import { termsOf, typosAllowed } from './terms.js';

const quote = (term: string) => `'${term.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
const likePrefix = (term: string) => `${term.replaceAll(/[\\%_]/g, '\\$&')}%`;

/** Finding messages, and keeping the index that finds them. */
@Injectable()
export class SearchService {
  private readonly writer = new MicroBatcher<SearchDocument, void>((batch) => this.write(batch), {
    maxBatch: 500,
    maxQueue: 10_000,
  });

  constructor(
    private readonly access: AccessService,
    private readonly index: SearchRepository,
    private readonly messages: MessagesService,
  ) {}

  /** Resolves when the document is in the index, or a newer one. */
  async put({ data: { message } }: MessageCreated | MessageUpdated | MessageDeleted): Promise<void> {
    const terms = message.deletedAt ? [] : [...new Set(termsOf(message.text))];
    await this.writer.submit({
      messageId: message.id,
      workspaceId: message.workspaceId,
      channelId: message.channelId,
      version: message.version,
      terms,
    });
  }

  /** Messages of an import, which have no events; what is known of them from events is newer. */
  async putImported(
    messages: readonly { id: MessageId; text: string; workspaceId: WorkspaceId; channelId: ChannelId }[],
  ): Promise<void> {
    const documents = messages.map(({ id, text, workspaceId, channelId }) => ({
      messageId: id,
      workspaceId,
      channelId,
      version: 0,
      terms: [...new Set(termsOf(text))],
    }));
    if (documents.length > 0) await this.index.index(documents);
  }

  async search(
    caller: Principal,
    workspaceId: WorkspaceId,
    { q, limit }: SearchQuery,
  ): Promise<SearchResult> {
    await this.access.workspace(caller, workspaceId);
    const words = termsOf(q).slice(0, 20);
    if (words.length === 0) return { data: [], nextCursor: null };
    const last = words.length - 1;
    const expanded = await this.index.expand(
      workspaceId,
      words.map((term, at) => ({
        term,
        typos: typosAllowed(term),
        prefix: at === last ? likePrefix(term) : null,
      })),
    );
    const tsquery = expanded.map((terms) => `(${terms.map(quote).join(' | ')})`).join(' & ');
    const ids = await this.index.find(workspaceId, caller.userId, tsquery, limit);
    const messages = await this.messages.present(ids);
    return {
      data: messages.filter((message) => !message.deletedAt).map((message) => ({ message })),
      nextCursor: null,
    };
  }

  /** One version per document: the newest of the batch. */
  private async write(batch: SearchDocument[]): Promise<void[]> {
    const newest = new Map<string, SearchDocument>();
    for (const document of batch) {
      const other = newest.get(document.messageId);
      if (!other || other.version < document.version) newest.set(document.messageId, document);
    }
    try {
      await this.index.index([...newest.values()]);
    } catch (error) {
      // The index catches up when Postgres is back; no event is given up for that.
      if (error instanceof DatabaseUnavailable) throw new RetryLater(error.message);
      throw error;
    }
    return batch.map(() => undefined);
  }
}
