import { Injectable } from '@nestjs/common';
import type { Message, MessageId, MyVote, PollOptionId, UserId, VoterPage, VotersQuery } from '#contracts';
import { Clock, cutPage } from '#core';
import { Database, type Tx } from '#db';
import { DomainError, type Principal } from '#platform';
import { allows } from '../access/permission.js';
import { MessageAccess } from '../messages/message-access.js';
import { MessageChanges } from '../messages/message-changes.service.js';
import { presentMessage, type MessageRow } from '../messages/message.js';
import { chosen, isClosed } from '../messages/poll.js';
import { timeCursor } from '../paging/time-cursor.js';
import { PollsRepository } from './polls.repository.js';
import { presentVoter } from './voter.js';

type PollMessage = MessageRow & { poll: NonNullable<MessageRow['poll']> };

/** Voting, and the end of it. Whoever votes at the same moment waits for the message, so tallies are right. */
@Injectable()
export class PollsService {
  constructor(
    private readonly database: Database,
    private readonly access: MessageAccess,
    private readonly changes: MessageChanges,
    private readonly polls: PollsRepository,
    private readonly clock: Clock,
  ) {}

  /** Replaces what the caller voted before. */
  async vote(caller: Principal, id: MessageId, optionIds: readonly PollOptionId[]): Promise<Message> {
    await this.access.writable(caller, id);
    return this.database.transaction(async (tx) => {
      const message = await this.lock(tx, id);
      const now = this.clock.now();
      if (isClosed(message.poll, now)) throw new DomainError('poll.closed');
      const choice = chosen(message.poll, optionIds);
      if ('pointer' in choice) throw new DomainError('request.invalid', { errors: [choice] });
      if (!(await this.polls.replaceVotes(tx, id, caller.userId, choice.optionIds, now)))
        return presentMessage(message);
      // An event names who caused it, and an anonymous poll nobody who voted.
      const actorId = message.poll.anonymous ? message.senderId : caller.userId;
      return this.changes.changed(tx, id, 'message.updated', actorId, {});
    });
  }

  async myVote(caller: Principal, id: MessageId): Promise<MyVote> {
    const { poll } = await this.access.readable(caller, id);
    if (!poll) throw new DomainError('poll.not_found');
    const mine = new Set(await this.polls.votesOf(id, caller.userId));
    return { optionIds: poll.options.map((option) => option.id).filter((option) => mine.has(option)) };
  }

  /** Who voted for an option, the first ones first. */
  async voters(
    caller: Principal,
    id: MessageId,
    { optionId, cursor, limit }: VotersQuery,
  ): Promise<VoterPage> {
    const { poll } = await this.access.readable(caller, id);
    if (!poll) throw new DomainError('poll.not_found');
    if (poll.anonymous) throw new DomainError('poll.anonymous');
    if (!poll.options.some((option) => option.id === optionId))
      throw new DomainError('request.invalid', {
        errors: [{ pointer: '/query/optionId', detail: 'is no option of this poll' }],
      });
    const rows = await this.polls.voters(id, optionId, timeCursor(cursor), limit + 1);
    const page = cutPage(rows, limit, (row) => [row.votedAt.toISOString(), row.id]);
    const now = this.clock.now();
    return { ...page, data: page.data.map((row) => presentVoter(row, now)) };
  }

  /** By its author, or who may delete it. Closing a closed one changes nothing. */
  async close(caller: Principal, id: MessageId): Promise<Message> {
    const { channel } = await this.access.writable(caller, id);
    const moderator = channel.channelRole === 'admin' || allows(channel, 'message.delete_any');
    return this.database.transaction(async (tx) => {
      const message = await this.lock(tx, id);
      if (message.senderId !== caller.userId && !moderator) throw new DomainError('message.not_author');
      return this.end(tx, message, caller.userId);
    });
  }

  /** At its time, wherever it was moved. Messages that were deleted, or never came to be, have none. */
  async closeDue(id: MessageId): Promise<void> {
    const movedTo = await this.database.transaction(async (tx) => {
      const message = await this.changes.lockIfAny(tx, id);
      if (message?.poll) await this.end(tx, message as PollMessage, message.senderId);
      return message?.movedTo;
    });
    if (movedTo) await this.closeDue(movedTo.messageId);
  }

  private async end(tx: Tx, message: PollMessage, actorId: UserId): Promise<Message> {
    if (message.poll.closedAt) return presentMessage(message);
    await this.polls.close(tx, message.id, this.clock.now());
    return this.changes.changed(tx, message.id, 'message.updated', actorId, {});
  }

  private async lock(tx: Tx, id: MessageId): Promise<PollMessage> {
    const message = await this.changes.lock(tx, id);
    if (!message.poll) throw new DomainError('poll.not_found');
    return message as PollMessage;
  }
}
