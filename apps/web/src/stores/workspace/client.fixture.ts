import type { Bootstrap, MessagePage, ParleyEvent } from '#contracts';
import { apply } from './apply.js';
import { applyPage, beginPage, forgetTimelines } from './pages.js';
import type { FakeServer } from './server.fixture.js';
import { applyBootstrap, beginSnapshot } from './snapshot.js';
import { emptyState, type WorkspaceState } from './state.js';
import { gapsOf, type PageRequest } from './timeline.js';

type Reply =
  | { kind: 'snapshot'; body: Bootstrap }
  | { kind: 'page'; channelId: string; request: PageRequest; body: MessagePage };

/** A client whose requests are answered at one time and heard at another, on a stream that stutters. */
export class FakeClient {
  state: WorkspaceState = emptyState;
  private position: number;
  /** The stream never goes back before where it was started. */
  private start: number;
  private readonly delivered: ParleyEvent[] = [];
  private readonly replies: Reply[] = [];

  constructor(readonly server: FakeServer) {
    const body = server.bootstrap();
    this.start = this.position = server.log.length;
    this.state = applyBootstrap(this.state, body);
  }

  deliver(count: number): void {
    for (const event of this.server.log.slice(this.position, this.position + count)) {
      this.state = apply(this.state, event);
      this.delivered.push(event);
    }
    this.position = Math.min(this.server.log.length, this.position + count);
  }

  rewind(count: number): void {
    this.position = Math.max(this.start, this.position - count);
  }

  repeat(back: number): void {
    const event = this.delivered.at(-1 - back);
    if (event) this.state = apply(this.state, event);
  }

  askPage(channelId: string, older: boolean): void {
    if (!(channelId in this.state.channels)) return;
    const from = this.state.timelines[channelId]?.from ?? null;
    const request: PageRequest =
      older && from !== null && from > 1 ? { kind: 'before', seq: from } : { kind: 'newest' };
    this.state = beginPage(this.state, channelId);
    this.replies.push({ kind: 'page', channelId, request, body: this.server.page(channelId, request) });
  }

  askSnapshot(): void {
    if (this.state.journal !== null) return;
    this.state = beginSnapshot(this.state);
    this.replies.push({ kind: 'snapshot', body: this.server.bootstrap() });
  }

  /** The stream lost what was not delivered; it goes on from here. */
  resync(): void {
    this.hearAll();
    this.start = this.position = this.server.log.length;
    this.state = forgetTimelines(this.state, null);
    this.askSnapshot();
  }

  hear(which: number): void {
    const [reply] = this.replies.splice(which % Math.max(1, this.replies.length), 1);
    if (reply?.kind === 'snapshot') this.state = applyBootstrap(this.state, reply.body);
    if (reply?.kind === 'page')
      this.state = applyPage(this.state, reply.channelId, reply.request, reply.body);
  }

  hearAll(): void {
    while (this.replies.length > 0) this.hear(0);
  }

  fillGaps(): void {
    for (const [channelId, my] of Object.entries(this.state.channels)) {
      for (let round = 0; round < 100; round++) {
        const [gap] = gapsOf(this.state.timelines[channelId], my.channel.lastOrdinal);
        if (!gap) break;
        const request: PageRequest = { kind: 'after', seq: gap.after };
        this.state = beginPage(this.state, channelId);
        this.state = applyPage(this.state, channelId, request, this.server.page(channelId, request));
      }
    }
  }

  settle(): void {
    this.deliver(Infinity);
    this.hearAll();
    this.fillGaps();
  }
}
