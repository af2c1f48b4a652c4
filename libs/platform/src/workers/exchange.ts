type Ask = { exchange: 'ask'; id: number; question: string };
type Answer = { exchange: 'answer'; id: number; value?: unknown; error?: string };
type Waiting = { resolve: (value: unknown) => void; reject: (error: Error) => void; timer: NodeJS.Timeout };

const isOurs = (message: unknown): message is Ask | Answer =>
  typeof message === 'object' && message !== null && 'exchange' in message;

/** Questions and answers between two processes, over the channel node gives a parent and its child. */
export class Exchange {
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  constructor(
    private readonly send: (message: Ask | Answer) => void,
    private readonly answers: Readonly<Record<string, () => Promise<unknown>>>,
  ) {}

  /** Rejects when the other side can't answer, or doesn't within `timeoutMs`. */
  ask<T>(question: string, timeoutMs: number): Promise<T> {
    const id = ++this.last;
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(new Error(`no answer to ${question} in ${timeoutMs} ms`));
      }, timeoutMs);
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject, timer });
      this.send({ exchange: 'ask', id, question });
    });
  }

  /** To be given each message of the channel; those of others are none of its business. */
  receive(message: unknown): void {
    if (!isOurs(message)) return;
    if (message.exchange === 'ask') void this.reply(message);
    else this.settle(message);
  }

  /** The other side is gone: nothing will be answered any more. */
  close(): void {
    for (const [id, { timer, reject }] of this.waiting) {
      clearTimeout(timer);
      this.waiting.delete(id);
      reject(new Error('the other side is gone'));
    }
  }

  private async reply({ id, question }: Ask): Promise<void> {
    try {
      const answer = this.answers[question];
      if (!answer) throw new Error(`${question} is no question`);
      this.send({ exchange: 'answer', id, value: await answer() });
    } catch (error) {
      this.send({ exchange: 'answer', id, error: (error as Error).message });
    }
  }

  private settle({ id, value, error }: Answer): void {
    const waiting = this.waiting.get(id);
    if (!waiting) return;
    this.waiting.delete(id);
    clearTimeout(waiting.timer);
    if (error === undefined) waiting.resolve(value);
    else waiting.reject(new Error(error));
  }
}
