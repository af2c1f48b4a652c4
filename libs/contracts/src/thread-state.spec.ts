import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ChannelId, MessageId } from './ids.js';
import type { Mention } from './mentions.js';
import type { Message } from './http/messages.js';
import { THREAD_WINDOW, type ThreadMembership } from './http/threads.js';
import {
  boundedThread,
  heardNewReply,
  heardReply,
  moveThread,
  noThreadMembership,
  threadBadge,
} from './thread-state.js';

const me = { userId: 'me', groupIds: ['crew'] };
const place = { threadId: 'root' as MessageId, channelId: 'channel' as ChannelId };
type Call = 'nobody' | 'me' | 'crew';
type Step =
  | { do: 'reply'; mine: boolean; calls: Call }
  | { do: 'delete'; at: number }
  | { do: 'read' | 'unread'; at: number }
  | { do: 'edit'; at: number; calls: Call }
  | { do: 'follow' }
  | { do: 'unfollow' }
  | { do: 'elsewhere' };
type Row = { seq: number; mine: boolean; calls: Call; gone: boolean; version: number };
type Happened =
  { type: 'created' | 'changed'; message: Message } | { type: 'moved'; membership: ThreadMembership };

const mentions: Record<Call, Mention[]> = {
  nobody: [],
  me: [{ kind: 'user', id: 'me' }] as unknown as Mention[],
  crew: [{ kind: 'group', id: 'crew' }] as unknown as Mention[],
};

/** The tables, and a membership as anyone would work it out from them. */
class Server {
  rows: Row[] = [];
  lastSeq = 1;
  mine: Pick<ThreadMembership, 'following' | 'lastReadSeq' | 'version' | 'movedAtSeq'> | null = null;
  log: Happened[] = [];

  constructor(private readonly rootSenderId: string) {}

  get membership(): ThreadMembership {
    if (!this.mine) return noThreadMembership(place);
    const state = { ...noThreadMembership(place), ...this.mine };
    if (!state.following) return state;
    const after = this.rows.filter((row) => row.seq > state.lastReadSeq);
    const window = after.slice(0, THREAD_WINDOW);
    return {
      ...state,
      unreadSeqs: window.filter((row) => !row.gone).map((row) => row.seq),
      removedSeqs: window.filter((row) => row.gone).map((row) => row.seq),
      mentionSeqs: after
        .filter((row) => row.calls !== 'nobody' && !row.mine && !row.gone)
        .map((row) => row.seq),
    };
  }

  take(step: Step): void {
    if (step.do === 'elsewhere') this.lastSeq++;
    else if (step.do === 'reply') this.reply(step);
    else if (step.do === 'delete' || step.do === 'edit') this.change(step);
    else if (step.do === 'follow' || step.do === 'unfollow') this.follow(step.do === 'follow');
    else this.move(step);
  }

  private reply({ mine, calls }: { mine: boolean; calls: Call }): void {
    const row = { seq: ++this.lastSeq, mine, calls, gone: false, version: 1 };
    this.rows.push(row);
    if (mine) this.mine = { version: 0, movedAtSeq: 0, ...this.mine, following: true, lastReadSeq: row.seq };
    else if (this.rootSenderId === 'me' || calls === 'me')
      this.mine ??= { following: true, lastReadSeq: row.seq - 1, version: 0, movedAtSeq: 0 };
    this.log.push({ type: 'created', message: message(row) });
  }

  private change(step: { do: 'delete'; at: number } | { do: 'edit'; at: number; calls: Call }): void {
    const row = this.rows[step.at];
    if (!row || row.gone) return;
    if (step.do === 'delete') row.gone = true;
    else row.calls = step.calls;
    row.version++;
    this.log.push({ type: 'changed', message: message(row) });
  }

  private follow(following: boolean): void {
    if (this.mine?.following === following) return;
    const lastReadSeq = following ? this.lastSeq : (this.mine?.lastReadSeq ?? 0);
    this.moved({ following, lastReadSeq });
  }

  private move(step: { do: 'read' | 'unread'; at: number }): void {
    const seq = Math.min(step.at, this.lastSeq);
    if (!this.mine?.following || (step.do === 'read' && seq <= this.mine.lastReadSeq)) return;
    this.moved({ following: true, lastReadSeq: seq });
  }

  private moved(to: { following: boolean; lastReadSeq: number }): void {
    this.mine = { ...to, version: (this.mine?.version ?? 0) + 1, movedAtSeq: this.lastSeq };
    this.log.push({ type: 'moved', membership: structuredClone(this.membership) });
  }
}

const message = ({ seq, mine, calls, gone, version }: Row) =>
  ({
    seq,
    version,
    threadId: 'root',
    senderId: mine ? 'me' : 'ada',
    mentions: mentions[calls],
    deletedAt: gone ? '2026-01-01T00:00:00Z' : null,
  }) as unknown as Message;

const hear = (state: ThreadMembership, event: Happened, rootSenderId: string): ThreadMembership => {
  if (event.type === 'moved') return moveThread(state, event.membership);
  return event.type === 'created'
    ? heardNewReply(state, event.message, rootSenderId, me)
    : heardReply(state, event.message, me);
};

const call = fc.constantFrom<Call>('nobody', 'me', 'crew');
const at = fc.nat(14);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('reply' as const), mine: fc.boolean(), calls: call }) },
  fc.record({ do: fc.constant('delete' as const), at }),
  fc.record({ do: fc.constantFrom('read' as const, 'unread' as const), at }),
  fc.record({ do: fc.constant('edit' as const), at, calls: call }),
  fc.record({ do: fc.constantFrom('follow' as const, 'unfollow' as const) }),
  fc.record({ do: fc.constant('elsewhere' as const) }),
);

describe('a thread membership', () => {
  it('is what a recount says, from any snapshot, with events told again', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('me', 'ada'),
        fc.array(step, { maxLength: 40 }),
        fc.nat(40),
        fc.nat(8),
        (rootSenderId, steps, cut, again) => {
          const server = new Server(rootSenderId);
          for (const one of steps.slice(0, cut)) server.take(one);
          let state = structuredClone(server.membership);
          const heard = Math.max(0, server.log.length - again);
          for (const one of steps.slice(cut)) server.take(one);
          for (const event of server.log.slice(heard)) {
            state = hear(state, event, rootSenderId);
            expect(hear(state, event, rootSenderId)).toEqual(state);
          }
          expect(boundedThread(state)).toEqual(server.membership);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('tells the first 100 replies after the cursor, however many more there are', () => {
    const server = new Server('me');
    for (let i = 0; i < 150; i++) server.take({ do: 'reply', mine: false, calls: 'nobody' });
    server.take({ do: 'delete', at: 3 });
    const known = structuredClone(server.membership);
    expect(known.unreadSeqs).toHaveLength(99);
    expect(known.removedSeqs).toEqual([5]);
    expect(threadBadge(known)).toEqual({ unread: 99, mentions: 0, more: true });
    let state = known;
    const heard = server.log.length;
    server.take({ do: 'reply', mine: false, calls: 'me' });
    server.take({ do: 'read', at: 80 });
    for (const event of server.log.slice(heard)) state = hear(state, event, 'me');
    expect(boundedThread(state)).toEqual(server.membership);
    expect(threadBadge(state)).toEqual({ unread: 72, mentions: 1, more: false });
  });

  it('ignores replies of other threads', () => {
    const state = { ...noThreadMembership(place), following: true };
    const other = {
      ...message({ seq: 9, mine: false, calls: 'me', gone: false, version: 1 }),
      threadId: 'x',
    };
    expect(heardNewReply(state, other as unknown as Message, 'me', me)).toBe(state);
  });
});
