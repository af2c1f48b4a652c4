import { describe, expect, it } from '@jest/globals';
import { check } from './checker.ts';
import type { Command, DeviceRecord, End, Heard, History, LogEntry } from './history.ts';
import { faultAt, sampleHistory } from './sample-history.ts';

/** What the checker says, each with the rule it breaks. */
const found = (history: History): string[] => check(history).map(({ rule, what }) => `${rule}: ${what}`);

const with_ = (change: Partial<History>): History => ({ ...sampleHistory(), ...change });
const withEnd = (change: Partial<End>): History => with_({ end: { ...sampleHistory().end, ...change } });
const withHeard = (name: string, change: (heard: readonly Heard[]) => readonly Heard[]): History => {
  const devices = sampleHistory().devices.map((device): DeviceRecord =>
    device.name === name ? { ...device, heard: change(device.heard) } : device,
  );
  return with_({ devices });
};
const eventAt = (position: number) => (one: Heard) => one.kind === 'event' && one.position === position;
const swap = <T>(all: readonly T[], first: number, second: number): T[] => {
  const swapped = [...all];
  [swapped[first], swapped[second]] = [all[second] as T, all[first] as T];
  return swapped;
};

describe('the checker', () => {
  it('finds nothing where every promise was kept', () => {
    expect(found(sampleHistory())).toEqual([]);
  });

  it('tells of an event that a device never heard', () => {
    expect(found(withHeard("Bob's desk", (heard) => heard.filter((one) => !eventAt(4)(one))))).toEqual([
      "everyone heard what was for them: Bob's desk never heard message.created seq 3 in vault (event e4 at 4)",
      "devices agree with the API: Bob's desk shows 4 unread (0 mentions) in vault, and the API says 4 unread (1 mentions)",
    ]);
  });

  it('tells of an event that somebody never heard who has left since', () => {
    expect(found(withHeard("Eve's desk", (heard) => heard.filter((one) => !eventAt(3)(one))))).toEqual([
      "everyone heard what was for them: Eve's desk never heard message.created seq 2 in vault (event e3 at 3)",
    ]);
  });

  it('does not ask of somebody who has left what was said while their device was away', () => {
    expect(found(withHeard("Eve's desk", (heard) => heard.slice(0, 3)))).toEqual([]);
  });

  it('tells of two events that a device heard in another order', () => {
    const [first] = found(withHeard("Bob's desk", (heard) => swap(heard, 4, 5)));
    expect(first).toBe("streams follow the log: Bob's desk heard event e3 at 3 after what stands at 4");
  });

  it('tells of an event that a device heard twice', () => {
    const again = (heard: readonly Heard[]) => [...heard.slice(0, 5), ...heard.slice(4)];
    expect(found(withHeard("Bob's desk", again))).toEqual([
      "streams follow the log: Bob's desk heard event e3 at 3 after what stands at 3",
    ]);
  });

  it('tells of an event that the log does not have', () => {
    const forged: Heard = { kind: 'event', at: 0, position: 99, id: 'forged' };
    expect(found(withHeard("Bob's desk", (heard) => [...heard, forged]))).toEqual([
      "streams follow the log: Bob's desk heard event forged at 99, where the log has none",
    ]);
  });

  it('tells of a message that was announced by two events', () => {
    const { log, devices } = sampleHistory();
    const again = { ...log[5], position: 7, event: { ...log[5]?.event, id: 'e7' } } as LogEntry;
    const heard = devices.map((device) =>
      device.name === "Ada's desk" || device.name === "Bob's desk"
        ? {
            ...device,
            heard: [...device.heard, { kind: 'event', at: again.storedAt, position: 7, id: 'e7' } as const],
          }
        : device,
    );
    expect(found(with_({ log: [...log, again], devices: heard }))).toEqual([
      'what is stored was announced, once: message m4 (seq 4 in vault) was announced by 2 events: e6, e7',
    ]);
  });

  describe('where the log has two messages in another order', () => {
    const reordered = (faults: History['faults']): History => {
      const { log } = sampleHistory();
      const [two, three] = [log[2], log[3]] as [LogEntry, LogEntry];
      return with_({
        faults,
        log: [
          ...log.slice(0, 2),
          { ...three, position: 3, event: { ...three.event, id: 'e3' } },
          { ...two, position: 4, storedAt: three.storedAt, event: { ...two.event, id: 'e4' } },
          ...log.slice(4),
        ] as LogEntry[],
      });
    };

    it('tells of it', () => {
      expect(found(reordered([]))).toEqual([
        'announcements ascend: message.created seq 2 in vault (event e4 at 4) came after message.created seq 3 in vault (event e3 at 3)',
      ]);
    });

    it('is content when the relay was broken meanwhile', () => {
      expect(found(reordered([faultAt(3)]))).toEqual([]);
    });

    it('is not content when that was long ago', () => {
      expect(found(reordered([{ ...faultAt(3), from: 0, to: 1 }]))).toHaveLength(1);
    });
  });

  it('tells of what somebody heard who had left', () => {
    const overheard: Heard = { kind: 'event', at: Infinity, position: 6, id: 'e6' };
    expect(found(withHeard("Eve's desk", (heard) => [...heard, overheard]))).toEqual([
      "nobody else heard it: Eve's desk heard message.created seq 4 in vault (event e6 at 6), which was not for Eve",
    ]);
  });

  it('lets somebody hear of a stay whose joining was announced after its leaving', () => {
    const { log } = sampleHistory();
    const [joined, said, left] = [log[1], log[2], log[4]] as [LogEntry, LogEntry, LogEntry];
    const versioned = (entry: LogEntry, position: number, version: number) =>
      ({
        ...entry,
        position,
        event: { ...entry.event, id: `e${position}`, data: { ...entry.event.data, version } },
      }) as LogEntry;
    const inverted = [
      log[0] as LogEntry,
      { ...said, position: 2, event: { ...said.event, id: 'e2' } } as LogEntry,
      { ...(log[3] as LogEntry), position: 3, event: { ...log[3]?.event, id: 'e3' } } as LogEntry,
      versioned(left, 4, 2),
      versioned(joined, 5, 1),
      log[5] as LogEntry,
    ];
    const devices = sampleHistory().devices.map((device) => ({
      ...device,
      heard: device.heard.filter(
        (one) => !eventAt(5)(one) && !(device.name === "Eve's desk" && eventAt(1)(one)),
      ),
    }));
    expect(found(with_({ log: inverted, devices }))).toEqual([]);
  });

  it('tells of what somebody heard before they came', () => {
    const early: Heard = { kind: 'event', at: 0, position: 1, id: 'e1' };
    const [first] = found(
      withHeard("Eve's desk", (heard) => [...heard.slice(0, 2), early, ...heard.slice(2)]),
    );
    expect(first).toContain("nobody else heard it: Eve's desk heard message.created seq 1");
  });

  it('lets those who came later read what was said before', () => {
    const later: Heard = { kind: 'event', at: Infinity, position: 1, id: 'e1' };
    expect(
      found(withHeard("Eve's desk", (heard) => [...heard.slice(0, 2), later, ...heard.slice(2)])),
    ).toEqual([]);
  });

  it('tells of a stranger who was let in, and of what they heard', () => {
    const heard: Heard[] = [
      { kind: 'opened', at: 0, after: 0 },
      { kind: 'event', at: Infinity, position: 6, id: 'e6' },
    ];
    expect(found(withHeard("Sam's desk", () => heard))).toEqual([
      "nobody else heard it: Sam's desk heard message.created seq 4 in vault (event e6 at 6), which was not for Sam",
      "nobody else heard it: Sam's desk was given a stream of a workspace that Sam is not in",
    ]);
  });

  it('tells of a message that was sent after a removal and announced before', () => {
    const { commands, log } = sampleHistory();
    const removedAt = Date.parse(log[4]?.event.time ?? '');
    const removal: Command = {
      ...{ kind: 'remove', personId: 'ada', userId: 'eve', channelId: 'vault-id' },
      ...{ invokedAt: removedAt - 2_000, ackedAt: removedAt },
    };
    const late = commands.map((command) =>
      command.clientMessageId === 'c3'
        ? { ...command, invokedAt: removedAt + 1, ackedAt: removedAt + 2 }
        : command,
    );
    expect(found(with_({ commands: [...late, removal] }))).toEqual([
      'removals take effect: message.created seq 3 in vault (event e4 at 4) was sent after Eve was removed and announced before',
    ]);
  });

  it('lets a device that was told to resync go on from the new state', () => {
    const resync = (heard: readonly Heard[]): Heard[] => [
      ...heard.slice(0, 4),
      { kind: 'resync', at: 0, position: 5, reason: 'expired' },
      { ...heard[0], channels: sampleHistory().end.people[1]?.channels ?? [], cursor: 6 } as Heard,
      ...heard.filter(eventAt(6)),
    ];
    const history = withHeard("Bob's desk", resync);
    expect(found(history).filter((what) => !what.startsWith('devices agree'))).toEqual([]);
  });

  it('tells of an acknowledged message that is not stored', () => {
    const { stored } = sampleHistory().end;
    expect(found(withEnd({ stored: stored.slice(0, 3) }))).toEqual(
      expect.arrayContaining([
        'what was acknowledged is stored: message m4 (seq 4 in vault) was acknowledged to Ada and is not stored',
        'what was announced is stored: message.created seq 4 in vault (event e6 at 6) announced a message that is not stored',
      ]),
    );
  });

  it('lets a message be stored whose reply was lost', () => {
    const commands = sampleHistory().commands.map(({ message: _, ...command }) => ({
      ...command,
      ackedAt: null,
    }));
    expect(found(with_({ commands }))).toEqual([]);
  });

  it('tells of a message that is stored twice, and of one that nobody sent', () => {
    const { stored } = sampleHistory().end;
    const [first] = stored as [(typeof stored)[number]];
    const twice = found(withEnd({ stored: [...stored, { ...first, id: 'm5', seq: 5 }] }));
    expect(twice).toContain(
      'what is stored was sent, once: message m5 (seq 5 in vault) of Ada is stored more than once',
    );
    const nobodys = found(
      withEnd({ stored: [...stored, { ...first, id: 'm5', seq: 5, clientMessageId: 'x' }] }),
    );
    expect(nobodys).toContain(
      'what is stored was sent, once: message m5 (seq 5 in vault) of Ada is stored, and nobody sent it',
    );
  });

  it('tells of a seq that is missing', () => {
    const stored = sampleHistory().end.stored.map((message) =>
      message.seq === 4 ? { ...message, seq: 5 } : message,
    );
    expect(found(withEnd({ stored }))).toContain('seqs have no gaps: vault has seq 5 where 4 belongs');
  });

  it('tells of an acknowledged edit that did not hold, and of one nobody made', () => {
    const { commands, end } = sampleHistory();
    const edit: Command = {
      ...{ kind: 'edit', personId: 'ada', channelId: 'vault-id', messageId: 'm1', text: 'uno' },
      ...{ invokedAt: 1, ackedAt: 2 },
    };
    expect(found(with_({ commands: [...commands, edit] }))).toContain(
      'acknowledged changes hold: message m1 (seq 1 in vault) reads "one", not "uno"',
    );
    const stored = end.stored.map((message) =>
      message.id === 'm1' ? { ...message, text: 'eins' } : message,
    );
    expect(found(withEnd({ stored }))).toContain(
      'acknowledged changes hold: message m1 (seq 1 in vault) reads "eins", not "one"',
    );
  });

  it('tells of a deletion that did not hold, and of one nobody made', () => {
    const { commands, end } = sampleHistory();
    const deletion: Command = {
      ...{ kind: 'delete', personId: 'ada', channelId: 'vault-id', messageId: 'm1' },
      ...{ invokedAt: 1, ackedAt: 2 },
    };
    expect(found(with_({ commands: [...commands, deletion] }))).toContain(
      'acknowledged changes hold: message m1 (seq 1 in vault) was deleted and is still there',
    );
    const stored = end.stored.map((message) =>
      message.id === 'm1' ? { ...message, deleted: true } : message,
    );
    expect(found(withEnd({ stored }))).toContain(
      'acknowledged changes hold: message m1 (seq 1 in vault) is deleted, and nobody asked for it',
    );
  });

  it('tells of a message whose announcement is lost, and of a change nobody was told', () => {
    const { log, end } = sampleHistory();
    expect(found(with_({ log: log.filter(({ position }) => position !== 6) }))).toContain(
      'what is stored was announced, once: message m4 (seq 4 in vault) was never announced: its event is lost',
    );
    const stored = end.stored.map((message) => (message.id === 'm1' ? { ...message, version: 2 } : message));
    expect(found(withEnd({ stored }))).toContain(
      'what is stored was announced, once: message m1 (seq 1 in vault) has version 2, but the last that was told is version 1',
    );
  });

  it('tells of badges that are wrong', () => {
    const people = sampleHistory().end.people.map((state) =>
      state.personId === 'bob' ? { ...state, badges: [] } : state,
    );
    expect(found(withEnd({ people }))).toEqual([
      'badges are right: Bob is told 0 unread (0 mentions) in vault, and it is 4 unread (1 mentions)',
      "devices agree with the API: Bob's desk shows 4 unread (1 mentions) in vault, and the API says 0 unread (0 mentions)",
    ]);
  });

  it('tells of somebody who belongs to a channel by the log only', () => {
    const log = sampleHistory().log.filter(({ position }) => position !== 5);
    expect(found(with_({ log }))).toContain(
      'memberships agree: Eve is in vault by the log, but not by the API',
    );
  });

  it('tells of what is left on its way', () => {
    expect(found(withEnd({ outboxRows: 1, unindexedEvents: 2, deadLetters: 3 }))).toEqual([
      'nothing is left on its way: 1 events are left in the outbox',
      'nothing is left on its way: 2 events are not indexed',
      'nothing is left on its way: 3 events are dead letters',
    ]);
  });

  it('tells of a message that search finds by what it said before', () => {
    const documents = sampleHistory().end.documents.map((one) =>
      one.messageId === 'm1' ? { ...one, terms: ['zero'] } : one,
    );
    expect(found(withEnd({ documents }))).toEqual([
      'search is current: message m1 (seq 1 in vault) is found by "zero", and it reads "one"',
    ]);
  });

  it('tells of a message that the API does not show, or otherwise than it is stored', () => {
    const { messages } = sampleHistory().end;
    expect(found(withEnd({ messages: messages.slice(1) }))).toContain(
      'the API shows what is stored: message m1 (seq 1 in vault) is stored and not shown',
    );
    const other = messages.map((message) => (message.seq === 1 ? { ...message, text: 'eins' } : message));
    expect(found(withEnd({ messages: other }))).toContain(
      'the API shows what is stored: message m1 (seq 1 in vault) is shown as seq 1, version 1: "eins"',
    );
  });
});
