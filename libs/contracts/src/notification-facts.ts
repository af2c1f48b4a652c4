import { z } from 'zod';
import { NotificationLevel } from './http/channel-preferences.js';
import { Seq, Timestamp, MessageId, UserId } from './ids.js';

/** More people than this are told of in several answers. */
export const FACTS_PER_REPLY = 1500;
/** Who is asked for besides those chat thinks of, at most: for one message, and for all of them. */
export const MAX_CANDIDATES = 1000;
export const MAX_LISTENERS = 10_000;

/** `rpc.v1.chat.notification_facts`: who might want to know of messages, and how they stand to it. */
export const NotificationFactsRequest = z.object({
  messages: z
    .array(
      z.object({
        messageId: MessageId,
        /** Asks for those only whom the present wording calls and no earlier one did. */
        edited: z.boolean(),
        /** Members for a reason that chat does not know, such as a keyword. */
        candidates: z.array(UserId).max(MAX_CANDIDATES),
        /** The `next` of the answer before; null to begin. */
        after: z.uuid().nullable(),
      }),
    )
    .max(100),
  /** Members who want to know of all that is said in their channels. */
  listeners: z.array(UserId).max(MAX_LISTENERS),
});
export type NotificationFactsRequest = z.infer<typeof NotificationFactsRequest>;

/** How one person stands to a message. */
export const PersonFacts = z.object({
  userId: UserId,
  canRead: z.boolean(),
  /** Called by name, or through a group. */
  named: z.boolean(),
  grouped: z.boolean(),
  /** Of the channel. */
  muted: z.boolean(),
  level: NotificationLevel,
  lastReadSeq: Seq,
  /** Of the thread the message is in. */
  following: z.boolean(),
  threadLevel: NotificationLevel,
  threadLastReadSeq: Seq,
  /** Was here in the last quarter of an hour; looked up only when it matters, for `@here`. */
  recentlyActive: z.boolean(),
  dndUntil: Timestamp.nullable(),
  quietHours: z.object({ days: z.array(z.int()), from: z.string(), to: z.string() }).nullable(),
  timeZone: z.string().nullable(),
  locale: z.string().nullable(),
  /** Whether there is an address that is known to be theirs. */
  emailVerified: z.boolean(),
});
export type PersonFacts = z.infer<typeof PersonFacts>;

/** Null for a message that is gone. `next` is null when nobody is left to be told of. */
export const MessageFacts = z.object({
  direct: z.boolean(),
  /** Calls everyone in the channel, or those of them who are here. */
  wide: z.enum(['channel', 'here']).nullable(),
  people: z.array(PersonFacts),
  next: z.uuid().nullable(),
});
export type MessageFacts = z.infer<typeof MessageFacts>;

/** In the order of the request. */
export const NotificationFactsReply = z.object({ messages: z.array(MessageFacts.nullable()) });
export type NotificationFactsReply = z.infer<typeof NotificationFactsReply>;
