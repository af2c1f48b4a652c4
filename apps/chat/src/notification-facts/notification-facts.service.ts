import { Injectable } from '@nestjs/common';
import {
  FACTS_PER_REPLY,
  type MessageFacts,
  type NotificationFactsReply,
  type NotificationFactsRequest,
  type PersonFacts,
} from '#contracts';
import { Clock } from '#core';
import { callOf } from './call.js';
import {
  NotificationFactsRepository,
  type FactsRow,
  type Question,
} from './notification-facts.repository.js';

const present = ({ ord: _, eligible: __, dndUntil, ...row }: FactsRow): PersonFacts => ({
  ...row,
  dndUntil: dndUntil?.toISOString() ?? null,
});

/** What notify decides by; it knows nothing of channels and their members itself. */
@Injectable()
export class NotificationFactsService {
  constructor(
    private readonly facts: NotificationFactsRepository,
    private readonly clock: Clock,
  ) {}

  async of({ messages, listeners }: NotificationFactsRequest): Promise<NotificationFactsReply> {
    const told = await this.facts.messages(messages.map(({ messageId }) => messageId));
    const questions = messages.flatMap((asked): Question[] => {
      const message = told.get(asked.messageId);
      if (!message) return [];
      const call = callOf(message.mentions, asked.edited ? message.wordings : []);
      return [{ ...message, ...call, ...asked }];
    });
    const limit = FACTS_PER_REPLY;
    const rows = questions.length
      ? await this.facts.people(questions, listeners, { limit, now: this.clock.now() })
      : [];
    const answers = new Map(
      questions.map((question, ord) => [question.id, answer(question, ord, rows, rows.length === limit)]),
    );
    return { messages: messages.map(({ messageId }) => answers.get(messageId) ?? null) };
  }
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** When the rows were `cut`, the last question in them is told in part, and those after it not at all. */
const answer = (question: Question, ord: number, rows: FactsRow[], cut: boolean): MessageFacts => {
  const mine = rows.filter((row) => row.ord === ord);
  const reached = rows.at(-1)?.ord ?? 0;
  return {
    direct: question.direct,
    wide: question.wide,
    people: mine.filter(({ eligible }) => eligible).map(present),
    next: cut && ord >= reached ? (mine.at(-1)?.userId ?? question.after ?? NOBODY) : null,
  };
};
