import type { Command, StoredMessage } from '../history.ts';
import type { Ledger } from '../ledger.ts';

const byId = (ledger: Ledger) => new Map(ledger.history.end.stored.map((message) => [message.id, message]));
const commandsOf = (ledger: Ledger, kind: Command['kind']) =>
  ledger.history.commands.filter((command) => command.kind === kind);

/** What was acknowledged is stored, as it was acknowledged. */
export const acknowledgedIsStored = (ledger: Ledger): string[] => {
  const stored = byId(ledger);
  return commandsOf(ledger, 'send').flatMap(({ message, clientMessageId, personId, channelId, ackedAt }) => {
    if (ackedAt === null || !message) return [];
    const found = stored.get(message.id);
    const what = `message ${message.id} (seq ${message.seq} in ${ledger.room(channelId)})`;
    if (!found) return [`${what} was acknowledged to ${ledger.name(personId)} and is not stored`];
    const same = found.seq === message.seq && found.clientMessageId === clientMessageId;
    return same
      ? []
      : [`${what} was acknowledged, but is stored as seq ${found.seq} of ${found.clientMessageId}`];
  });
};

/** What is stored was asked for, and is there once. */
export const storedWasSent = (ledger: Ledger): string[] => {
  const times = new Map<string, number>();
  for (const { clientMessageId, senderId } of ledger.history.end.stored) {
    const key = `${senderId}:${clientMessageId}`;
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  return ledger.history.end.stored.flatMap(({ id, senderId, clientMessageId, channelId, seq }) => {
    const what = `message ${id} (seq ${seq} in ${ledger.room(channelId)}) of ${ledger.name(senderId)}`;
    if (!ledger.sendOf(clientMessageId)) return [`${what} is stored, and nobody sent it`];
    return (times.get(`${senderId}:${clientMessageId}`) ?? 0) > 1 ? [`${what} is stored more than once`] : [];
  });
};

/** Each channel counts 1, 2, 3 … */
export const seqsHaveNoGaps = (ledger: Ledger): string[] =>
  ledger.history.channels.flatMap(({ id, name }) =>
    ledger.history.end.stored
      .filter(({ channelId }) => channelId === id)
      .sort((a, b) => a.seq - b.seq)
      .flatMap(({ seq }, index) =>
        seq === index + 1 ? [] : [`${name} has seq ${seq} where ${index + 1} belongs`],
      )
      .slice(0, 1),
  );

const wordings = (edits: readonly Command[], message: StoredMessage): string[] => {
  const own = edits.filter(({ messageId }) => messageId === message.id);
  const acked = own.findLastIndex(({ ackedAt }) => ackedAt !== null);
  // The last edit that was acknowledged, or one after it whose reply was lost.
  return own.slice(Math.max(acked, 0)).map(({ text }) => text ?? '');
};

/** An acknowledged edit or deletion is in effect; nothing else has changed. */
export const changesHold = (ledger: Ledger): string[] => {
  const edits = commandsOf(ledger, 'edit');
  const edited = new Set(edits.filter(({ ackedAt }) => ackedAt !== null).map(({ messageId }) => messageId));
  const deletions = new Map(commandsOf(ledger, 'delete').map((command) => [command.messageId, command]));
  return ledger.history.end.stored.flatMap((message) => {
    const deletion = deletions.get(message.id);
    const what = `message ${message.id} (seq ${message.seq} in ${ledger.room(message.channelId)})`;
    if (message.deleted) return deletion ? [] : [`${what} is deleted, and nobody asked for it`];
    if (deletion && deletion.ackedAt !== null) return [`${what} was deleted and is still there`];
    const sent = ledger.sendOf(message.clientMessageId)?.text ?? '';
    const expected = [...wordings(edits, message), ...(edited.has(message.id) ? [] : [sent])];
    return expected.includes(message.text)
      ? []
      : [`${what} reads "${message.text}", not "${expected.join('" or "')}"`];
  });
};
