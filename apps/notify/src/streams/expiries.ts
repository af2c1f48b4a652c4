/** Something that ends with the token that opened it. */
export interface Expiring {
  end(reason: string): void;
}

const LOOK_MS = 1000;

/** Ends the streams of personal access tokens that expire; those of sessions live on with new tokens. */
export class Expiries {
  private readonly due = new Map<Expiring, number>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly now: () => number = Date.now) {
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.timer.unref();
  }

  add(expiring: Expiring, at: number): void {
    if (Number.isFinite(at)) this.due.set(expiring, at);
  }

  remove(expiring: Expiring): void {
    this.due.delete(expiring);
  }

  /** Ends what is due. There are few: most streams are of sessions. */
  look(): void {
    const now = this.now();
    for (const [expiring, at] of this.due) {
      if (at > now) continue;
      this.due.delete(expiring);
      expiring.end('token expired');
    }
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
