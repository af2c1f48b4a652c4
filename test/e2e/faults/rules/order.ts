import type { LogEntry } from '../history.ts';
import type { Ledger } from '../ledger.ts';

type Announced = { entry: LogEntry; seq: number; clientMessageId: string };

const announcedIn = (ledger: Ledger, channelId: string): Announced[] =>
  ledger.history.log.flatMap((entry) =>
    entry.event.type === 'message.created' && entry.event.data.message.channelId === channelId
      ? [
          {
            entry,
            seq: entry.event.data.message.seq,
            clientMessageId: entry.event.data.message.clientMessageId,
          },
        ]
      : [],
  );

/**
 * A later message may overtake one whose sending was still under way, for two processes may have taken
 * them; or one that a broken relay left behind.
 */
const isExplained = (ledger: Ledger, late: Announced, before: Announced): boolean => {
  const lateSend = ledger.sendOf(late.clientMessageId);
  const overtaking = ledger.sendOf(before.clientMessageId);
  const from = lateSend?.invokedAt ?? Date.parse(late.entry.event.time);
  if (overtaking && overtaking.invokedAt < (lateSend?.ackedAt ?? Infinity)) return true;
  return ledger.wasInterrupted(from, late.entry.storedAt);
};

/** Messages of a channel that were announced after a later one, each with the one that overtook it. */
const overtaken = (ledger: Ledger, channelId: string): { late: Announced; before: Announced }[] => {
  const found: { late: Announced; before: Announced }[] = [];
  let newest: Announced | null = null;
  for (const one of announcedIn(ledger, channelId)) {
    if (newest && one.seq < newest.seq) found.push({ late: one, before: newest });
    else newest = one;
  }
  return found;
};

const everyOvertaken = (ledger: Ledger) => ledger.history.channels.flatMap(({ id }) => overtaken(ledger, id));

/** What is announced in a channel ascends by `seq`, except around a broken relay. */
export const announcementsAscend = (ledger: Ledger): string[] =>
  everyOvertaken(ledger)
    .filter(({ late, before }) => !isExplained(ledger, late, before))
    .map(({ late, before }) => `${ledger.describe(late.entry)} came after ${ledger.describe(before.entry)}`);

/** How many were overtaken for a reason. */
export const overtakenForAReason = (ledger: Ledger): number =>
  everyOvertaken(ledger).filter(({ late, before }) => isExplained(ledger, late, before)).length;

/** What somebody sent after a removal was acknowledged stands after it in the log. */
export const removalsTakeEffect = (ledger: Ledger): string[] =>
  ledger.history.commands.flatMap((removal) => {
    const { kind, userId, channelId, invokedAt, ackedAt } = removal;
    if (kind !== 'remove' || !userId || ackedAt === null) return [];
    const stay = ledger
      .stays(channelId, userId)
      .find(({ endedAt }) => endedAt >= invokedAt - 1 && endedAt <= ackedAt + 1);
    if (!stay) return [];
    return announcedIn(ledger, channelId)
      .filter(({ entry, clientMessageId }) => {
        const send = ledger.sendOf(clientMessageId);
        if (!send || send.invokedAt <= ackedAt || entry.position > stay.to) return false;
        return !ledger.wasInterrupted(invokedAt, entry.storedAt);
      })
      .map(
        ({ entry }) =>
          `${ledger.describe(entry)} was sent after ${ledger.name(userId)} was removed and announced before`,
      );
  });
