import { termsOf } from '../../../../apps/chat/src/search/terms.ts';
import type { Ledger } from '../ledger.ts';

/** Nothing is left on its way. */
export const nothingIsLeft = ({ history: { end } }: Ledger): string[] => [
  ...(end.outboxRows === 0 ? [] : [`${end.outboxRows} events are left in the outbox`]),
  ...(end.unindexedEvents === 0 ? [] : [`${end.unindexedEvents} events are not indexed`]),
  ...(end.deadLetters === 0 ? [] : [`${end.deadLetters} events are dead letters`]),
];

/** Search finds each message by the words it has now. */
export const searchIsCurrent = (ledger: Ledger): string[] => {
  const { stored, documents } = ledger.history.end;
  const found = new Map(documents.map(({ messageId, terms }) => [messageId, new Set(terms)]));
  return stored.flatMap(({ id, seq, channelId, text, deleted }) => {
    const words = new Set(deleted ? [] : termsOf(text));
    const indexed = found.get(id) ?? new Set<string>();
    if (words.size === indexed.size && [...words].every((word) => indexed.has(word))) return [];
    const what = `message ${id} (seq ${seq} in ${ledger.room(channelId)})`;
    return [`${what} is found by "${[...indexed].join(' ')}", and it reads "${[...words].join(' ')}"`];
  });
};

/** The API shows what is stored. */
export const apiShowsWhatIsStored = (ledger: Ledger): string[] => {
  const { stored, messages } = ledger.history.end;
  const shown = new Map(messages.map((message) => [message.id as string, message]));
  return stored.flatMap(({ id, seq, version, text, deleted, channelId, inChannel }) => {
    if (!inChannel) return [];
    const message = shown.get(id);
    const what = `message ${id} (seq ${seq} in ${ledger.room(channelId)})`;
    if (!message) return [`${what} is stored and not shown`];
    const same = message.seq === seq && message.version === version && (deleted || message.text === text);
    return same
      ? []
      : [`${what} is shown as seq ${message.seq}, version ${message.version}: "${message.text}"`];
  });
};
