import type { History } from './history.ts';
import { Ledger } from './ledger.ts';
import { announcedIsStored, membershipsAgree, storedWasAnnounced } from './rules/announcements.ts';
import { everyoneHeard, nobodyElseHeard } from './rules/audience.ts';
import { acknowledgedIsStored, changesHold, seqsHaveNoGaps, storedWasSent } from './rules/durability.ts';
import { announcementsAscend, overtakenForAReason, removalsTakeEffect } from './rules/order.ts';
import { apiShowsWhatIsStored, nothingIsLeft, searchIsCurrent } from './rules/settled.ts';
import { streamsFollowTheLog } from './rules/streams.ts';
import { badgesAreRight, devicesAgree } from './rules/unread.ts';

export type Violation = { readonly rule: string; readonly what: string };

const RULES = {
  'what was acknowledged is stored': acknowledgedIsStored,
  'what is stored was sent, once': storedWasSent,
  'seqs have no gaps': seqsHaveNoGaps,
  'acknowledged changes hold': changesHold,
  'what is stored was announced, once': storedWasAnnounced,
  'what was announced is stored': announcedIsStored,
  'announcements ascend': announcementsAscend,
  'removals take effect': removalsTakeEffect,
  'streams follow the log': streamsFollowTheLog,
  'everyone heard what was for them': everyoneHeard,
  'nobody else heard it': nobodyElseHeard,
  'memberships agree': membershipsAgree,
  'badges are right': badgesAreRight,
  'devices agree with the API': devicesAgree,
  'nothing is left on its way': nothingIsLeft,
  'search is current': searchIsCurrent,
  'the API shows what is stored': apiShowsWhatIsStored,
} satisfies Record<string, (ledger: Ledger) => string[]>;

/** Judges a history: every way in which it breaks a promise, in words. Empty when it keeps them all. */
export const check = (history: History): Violation[] => {
  const ledger = new Ledger(history);
  return Object.entries(RULES).flatMap(([rule, find]) => find(ledger).map((what) => ({ rule, what })));
};

/** What happened in a history, in one line. */
export const summary = (history: History): string => {
  const count = (kind: string) => history.commands.filter((command) => command.kind === kind).length;
  const all = history.devices.flatMap(({ heard }) => heard);
  const heard = (kind: string) => all.filter((one) => one.kind === kind).length;
  return [
    `${history.faults.length} faults`,
    `${count('send')} messages, ${count('edit') + count('delete')} changes of them`,
    `${count('add') + count('remove')} people coming and going`,
    `${history.log.length} events`,
    `${heard('event')} deliveries over ${heard('opened')} streams (${heard('resync')} told to resync)`,
    `${overtakenForAReason(new Ledger(history))} overtaken around faults`,
  ].join(', ');
};
