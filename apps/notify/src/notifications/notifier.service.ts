import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Message, MessageId, NotificationId, PersonFacts, UserId } from '#contracts';
import { RetryLater } from '#bus';
import { Clock, MicroBatcher, uuidv7 } from '#core';
import { CONFIG } from '#platform';
import type { NotifyConfig } from '../config.js';
import { decide, DEFAULT_WISHES, type Facts, type Wishes } from './decision.js';
import { emailDueAt } from './due.js';
import { FactsClient, type Asked, type Page } from './facts-client.js';
import { Failure, settled, submitted } from './failures.js';
import { occurs, readable, tokensOf } from './keyword.js';
import type { NewNotification } from './notification.js';
import { NotificationWriter } from './notification-writer.js';
import { WishesRepository } from './wishes.repository.js';

type Job = { message: Message; edited: boolean };

/** Finds out who is to be told of a message. Messages that come while it is at it go together, as the next batch. */
@Injectable()
export class NotifierService implements OnModuleDestroy {
  private readonly batcher = new MicroBatcher<Job, Failure | null>(
    (jobs) => settled(jobs, (some) => this.notifyOf(some)),
    { maxBatch: 50, maxQueue: 10_000 },
  );
  private stopping = false;

  constructor(
    private readonly facts: FactsClient,
    private readonly wishes: WishesRepository,
    private readonly writer: NotificationWriter,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: NotifyConfig,
  ) {}

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.batcher.close();
  }

  /** Resolves when everyone has been told. The same message again tells nobody twice. */
  async notify(job: Job): Promise<void> {
    (await submitted(this.batcher, job))?.raise();
  }

  private async notifyOf(jobs: readonly Job[]): Promise<void> {
    // What has not begun is left to the process that comes after this one.
    if (this.stopping) throw new RetryLater('the process is going down');
    const [keywords, listeners] = await Promise.all([this.keywordOwners(jobs), this.wishes.listeners()]);
    const asked: Asked[] = jobs.map((job) => ({
      ...job,
      candidates: [...(keywords.get(job.message.id) ?? [])],
    }));
    for await (const pages of this.facts.pages(asked, listeners)) await this.decideOn(pages);
  }

  private async decideOn(pages: readonly Page[]): Promise<void> {
    const people = pages.flatMap(({ facts }) => facts.people.map(({ userId }) => userId));
    if (people.length === 0) return;
    const wishes = await this.wishes.of([...new Set(people)]);
    const now = this.clock.now();
    const rows = pages.flatMap(({ asked, facts }) => {
      const { message, edited, candidates } = asked;
      const keyword = new Set(candidates);
      const about: Facts['message'] = {
        ...facts,
        senderId: message.senderId,
        seq: message.seq,
        threadId: message.threadId ?? null,
        inChannel: isInChannel(message),
        deleted: message.deletedAt !== null,
        edited,
        createdAt: new Date(edited ? (message.editedAt ?? message.createdAt) : message.createdAt),
      };
      return facts.people.flatMap((person) => {
        const wanted = wishes.get(person.userId) ?? DEFAULT_WISHES;
        const decision = decide({
          message: about,
          person,
          wishes: wanted,
          keyword: keyword.has(person.userId),
          online: person.recentlyActive,
          now,
        });
        return decision.notify ? [this.planned(message, { person, wanted, edited, now, ...decision })] : [];
      });
    });
    await this.writer.write(rows);
  }

  /** When each way is due: a push after a moment in which it may be read at the desk. */
  private planned(
    message: Message,
    {
      person,
      wanted,
      edited,
      now,
      reason,
      channels,
      quiet,
    }: Extract<ReturnType<typeof decide>, { notify: true }> & {
      person: PersonFacts;
      wanted: Wishes;
      edited: boolean;
      now: Date;
    },
  ): NewNotification {
    const { pushDelayMs, emailDelayMs } = this.config.notifications;
    const { email } = wanted;
    return {
      id: uuidv7(now.getTime()) as NotificationId,
      userId: person.userId,
      workspaceId: message.workspaceId,
      channelId: message.channelId,
      messageId: message.id,
      threadId: message.threadId ?? null,
      seq: message.seq,
      senderId: message.senderId,
      inChannel: isInChannel(message),
      reason,
      createdAt: now,
      edited,
      lastReadSeq: person.lastReadSeq,
      threadLastReadSeq: person.threadLastReadSeq,
      pushDueAt: channels.push ? new Date(now.getTime() + pushDelayMs) : null,
      emailDueAt:
        channels.email && email !== 'off' ? emailDueAt(email, person, { now, delayMs: emailDelayMs }) : null,
      heldBack: quiet && wanted.push,
    };
  }

  /** By message: whose keywords occur in it. What is edited calls nobody by keyword. */
  private async keywordOwners(jobs: readonly Job[]): Promise<Map<MessageId, Set<UserId>>> {
    const texts = jobs
      .filter(({ edited }) => !edited)
      .map(({ message }) => ({ message, text: readable(message.text) }));
    const wanted = new Map<string, { workspaceId: Message['workspaceId']; token: string }>();
    for (const { message, text } of texts)
      for (const token of tokensOf(text))
        wanted.set(`${message.workspaceId} ${token}`, { workspaceId: message.workspaceId, token });
    const owners = wanted.size > 0 ? await this.wishes.keywords([...wanted.values()]) : [];
    if (owners.length === 0) return new Map();
    return new Map(
      texts.map(({ message, text }) => {
        const mine = owners.filter(
          ({ workspaceId, word }) => workspaceId === message.workspaceId && occurs(word, text),
        );
        return [message.id, new Set(mine.map(({ userId }) => userId))];
      }),
    );
  }
}

const isInChannel = ({ threadId, inChannel }: Message): boolean =>
  threadId === undefined || inChannel === true;
