import type { Audience } from '../audience.js';
import { lastWords, type Outlet, type Shared } from '../outlet.js';
import type { FarEnd, Paced } from './far-end.js';
import { Kind } from './messages.js';

/** A stream whose socket is at the other end of a link. It costs a few fields here, and no write of its own. */
export class FarStream<Key> implements Outlet, Paced {
  private open = true;
  private settle: (() => void) | null = null;

  constructor(
    private readonly link: FarEnd,
    private readonly id: number,
    private readonly key: Key,
    private readonly shared: Shared<Key>,
  ) {}

  get congested(): boolean {
    return this.link.line.congested;
  }

  write(bytes: Buffer, frames: number): void {
    this.pass(Kind.write, bytes, frames);
  }

  send(bytes: Buffer, frames: number): void {
    this.pass(Kind.send, bytes, frames);
  }

  enter(audience: Audience): void {
    this.link.enter(audience, this.id);
  }

  leave(audience: Audience): void {
    this.link.leave(audience, this.id);
  }

  async drained(stallMs: number): Promise<void> {
    await this.link.line.uncongested();
    if (!this.open) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.drop('slow'), stallMs);
      this.settle = () => {
        clearTimeout(timer);
        this.settle = null;
        resolve();
      };
      this.link.line.send(Kind.sync, this.id, 0);
    });
  }

  synced(): void {
    this.settle?.();
  }

  end(reason: string, words = lastWords(reason)): void {
    if (this.finish(reason)) this.link.line.send(Kind.end, this.id, 0, Buffer.from(words));
  }

  drop(reason: string): void {
    if (this.finish(reason)) this.link.line.send(Kind.end, this.id, 1);
  }

  /** Whether it was open. It has left its audiences when this returns, so that its end is told last. */
  finish(reason: string): boolean {
    if (!this.open) return false;
    this.open = false;
    this.link.forget(this.id);
    this.settle?.();
    this.shared.closed(this.key, reason);
    return true;
  }

  // A link gathers what is sent in a tick anyway.
  cork(): void {}
  uncork(): void {}

  private pass(kind: Kind, bytes: Buffer, frames: number): void {
    if (!this.open) return;
    this.shared.delivered(frames);
    this.link.line.send(kind, this.id, frames, bytes);
  }
}
