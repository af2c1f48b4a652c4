import { isQuiet, type MessageFacts, type NotificationReason, type PersonFacts } from '#contracts';

/** What the person wants everywhere. */
export type Wishes = {
  level: 'all' | 'mentions' | 'nothing';
  push: boolean;
  email: 'instant' | 'hourly' | 'daily' | 'off';
};
export const DEFAULT_WISHES: Wishes = { level: 'mentions', push: true, email: 'daily' };

/** All that a decision depends on. */
export type Facts = {
  message: Pick<MessageFacts, 'direct' | 'wide'> & {
    senderId: string;
    seq: number;
    threadId: string | null;
    /** Whether the channel shows it; false for a reply that only its thread shows. */
    inChannel: boolean;
    deleted: boolean;
    /** The wording changed: `wide`, `named` and `grouped` tell whom only the new one calls. */
    edited: boolean;
    createdAt: Date;
  };
  person: Omit<PersonFacts, 'locale' | 'recentlyActive'>;
  wishes: Wishes;
  /** One of their keywords occurs in it. */
  keyword: boolean;
  online: boolean;
  now: Date;
};

export type Decision =
  | { notify: false; why: 'own' | 'no_access' | 'deleted' | 'read' | 'nothing' | 'muted' | 'away' | 'level' }
  | {
      notify: true;
      reason: NotificationReason;
      channels: { inApp: true; push: boolean; email: boolean };
      /** Do not disturb, or quiet hours: the letter waits until they are over, and a push would be old by then. */
      quiet: boolean;
    };

/** A push is about now: what was found out later than this is only told in the app and by letter. */
export const PUSH_WITHIN_MS = 60 * 60_000;
export const EMAIL_WITHIN_MS = 24 * 60 * 60_000;

/**
 * Whether a person is told of a message, why, and how. The one place where this is decided; docs/notifications.md
 * has it as a table.
 */
export const decide = (facts: Facts): Decision => {
  const { message, person, wishes, now } = facts;
  if (message.senderId === person.userId) return no('own');
  if (message.deleted) return no('deleted');
  if (!person.canRead) return no('no_access');
  // What was read did not call them when it was another wording.
  if (!message.edited && hasRead(facts)) return no('read');
  const found = reasonOf(facts);
  if ('why' in found) return no(found.why);
  const quiet = wantsQuiet(person, now);
  const age = now.getTime() - message.createdAt.getTime();
  return {
    notify: true,
    reason: found.reason,
    channels: {
      inApp: true,
      push: wishes.push && !quiet && age <= PUSH_WITHIN_MS,
      email: wishes.email !== 'off' && person.emailVerified && age <= EMAIL_WITHIN_MS,
    },
    quiet,
  };
};

type Why = (Decision & { notify: false })['why'];
const no = (why: Why): Decision => ({ notify: false, why });

const hasRead = ({ message, person }: Facts): boolean =>
  (message.inChannel && message.seq <= person.lastReadSeq) ||
  (message.threadId !== null && message.seq <= person.threadLastReadSeq);

/** The nearest setting counts: of the thread they follow, of the channel, of the account. */
const levelOf = ({ message, person, wishes }: Facts): 'all' | 'mentions' | 'none' => {
  if (message.threadId !== null && person.following && person.threadLevel !== 'default')
    return person.threadLevel;
  if (person.level !== 'default') return person.level;
  return wishes.level === 'nothing' ? 'none' : wishes.level;
};

const reasonOf = (facts: Facts): { reason: NotificationReason } | { why: Why } => {
  const { message, person, keyword, online } = facts;
  const level = levelOf(facts);
  if (level === 'none') return { why: 'nothing' };
  if (person.named) return { reason: 'mention' };
  if (person.muted) return { why: 'muted' };
  if (person.grouped) return { reason: 'mention' };
  // A reply in its thread calls everyone who follows the thread, and not the whole channel.
  const reached = message.inChannel || person.following;
  if (reached && message.wide === 'channel') return { reason: 'mention' };
  if (reached && message.wide === 'here' && online) return { reason: 'mention' };
  const away = message.wide === 'here' && !online;
  if (message.edited) return { why: away ? 'away' : 'level' };
  const own = person.level !== 'default' || (person.following && person.threadLevel !== 'default');
  if (message.direct && message.inChannel && !(own && level === 'mentions')) return { reason: 'direct' };
  if (message.threadId !== null && person.following && (level === 'all' || person.threadLevel === 'default'))
    return { reason: 'thread' };
  if (keyword) return { reason: 'keyword' };
  if (level === 'all' && message.inChannel) return { reason: 'channel' };
  return { why: away ? 'away' : 'level' };
};

/** Whether to leave them in peace. Times of the day are those of their time zone, or UTC while it is unknown. */
export const wantsQuiet = (
  { dndUntil, quietHours, timeZone }: Pick<PersonFacts, 'dndUntil' | 'quietHours' | 'timeZone'>,
  at: Date,
): boolean =>
  (dndUntil !== null && Date.parse(dndUntil) > at.getTime()) ||
  (quietHours !== null && isQuiet(quietHours, timeZone ?? 'UTC', at));
