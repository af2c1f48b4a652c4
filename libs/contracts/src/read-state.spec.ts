import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ReadState } from './http/channels.js';
import type { Message } from './http/messages.js';
import { moveCursor, readMessage, unreadOf } from './read-state.js';

const me = { userId: 'me', groupIds: ['crew'] };
type Step =
  | { do: 'send'; mine: boolean; calls: boolean; threadOnly: boolean }
  | { do: 'delete' | 'call' | 'silence' | 'read' | 'unread'; at: number };
type Row = {
  seq: number;
  ordinal: number | null;
  mine: boolean;
  calls: boolean;
  gone: boolean;
  version: number;
};
type Happened = { message: Message } | { cursor: ReadState };

/** The server's tables, and the badge as anyone would count it. */
class Server {
  rows: Row[] = [];
  cursor = { lastReadSeq: 0, cursorVersion: 0, movedAtSeq: 0 };
  log: Happened[] = [];

  get state() {
    const { lastReadSeq } = this.cursor;
    const shown = this.rows.filter((row) => row.ordinal !== null);
    const after = shown.filter((row) => row.seq > lastReadSeq);
    const read = shown.filter((row) => row.seq <= lastReadSeq).at(-1)?.ordinal ?? 0;
    return {
      ...this.cursor,
      lastReadOrdinal: read,
      lastOrdinal: shown.length,
      removedSeqs: after.filter((row) => row.gone).map((row) => row.seq),
      mentionSeqs: after.filter((row) => row.calls && !row.mine && !row.gone).map((row) => row.seq),
    };
  }

  get unread(): number {
    const { lastReadSeq } = this.cursor;
    return this.rows.filter((row) => row.ordinal !== null && row.seq > lastReadSeq && !row.gone).length;
  }

  take(step: Step): void {
    if (step.do === 'send') {
      const shown = this.rows.filter((row) => row.ordinal !== null).length;
      const ordinal = step.threadOnly ? null : shown + 1;
      const row = {
        seq: this.rows.length + 1,
        ordinal,
        mine: step.mine,
        calls: step.calls,
        gone: false,
        version: 1,
      };
      this.rows.push(row);
      if (step.mine && ordinal !== null) this.cursor.lastReadSeq = row.seq;
      this.tell(row);
      return;
    }
    if (step.do === 'read' || step.do === 'unread') {
      const seq = Math.min(step.at, this.rows.length);
      if (step.do === 'read' && seq <= this.cursor.lastReadSeq) return;
      const { cursorVersion } = this.cursor;
      this.cursor = { lastReadSeq: seq, cursorVersion: cursorVersion + 1, movedAtSeq: this.rows.length };
      this.log.push({ cursor: structuredClone(this.state) });
      return;
    }
    const row = this.rows[step.at];
    if (!row || row.gone) return;
    if (step.do === 'delete') row.gone = true;
    else row.calls = step.do === 'call';
    row.version++;
    this.tell(row);
  }

  private tell(row: Row): void {
    const { seq, ordinal, mine, version } = row;
    const mentions = row.calls ? [{ kind: 'group', id: 'crew' }] : [];
    const deletedAt = row.gone ? '2026-01-01T00:00:00Z' : null;
    const message = {
      seq,
      version,
      mentions,
      deletedAt,
      senderId: mine ? 'me' : 'ada',
      ...(ordinal ? { ordinal } : {}),
    };
    this.log.push({ message: message as unknown as Message });
  }
}

const at = fc.nat(12);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('send' as const),
    mine: fc.boolean(),
    calls: fc.boolean(),
    threadOnly: fc.boolean(),
  }),
  fc.record({ do: fc.constantFrom('delete', 'call', 'silence', 'read', 'unread' as const), at }),
);

describe('the read state of a channel', () => {
  it('counts what a recount counts, from any snapshot, with events told again', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(40), fc.nat(8), (steps, cut, again) => {
        const server = new Server();
        for (const one of steps.slice(0, cut)) server.take(one);
        let state = structuredClone(server.state);
        // A stream starts a little before its snapshot.
        const heard = Math.max(0, server.log.length - again);
        for (const one of steps.slice(cut)) server.take(one);
        const versions = new Map(server.rows.map((row) => [row.seq, 0]));
        for (const event of server.log.slice(heard)) {
          if ('cursor' in event) state = moveCursor<typeof state>(state, event.cursor);
          else if (event.message.version > (versions.get(event.message.seq) ?? 0)) {
            versions.set(event.message.seq, event.message.version);
            state = readMessage(state, event.message, me);
          }
        }
        expect(unreadOf(state)).toBe(server.unread);
        expect(state).toEqual(server.state);
      }),
      { numRuns: 2000 },
    );
  });

  it('is never less than zero', () => {
    const state = { lastReadSeq: 0, lastReadOrdinal: 2, cursorVersion: 0, movedAtSeq: 0, mentionSeqs: [] };
    expect(unreadOf({ ...state, lastOrdinal: 1, removedSeqs: [1, 2] })).toBe(0);
  });
});
