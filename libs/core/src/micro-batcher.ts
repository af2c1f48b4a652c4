type Waiting<Input, Output> = {
  input: Input;
  resolve: (output: Output) => void;
  reject: (error: unknown) => void;
};

export class BatcherOverloaded extends Error {}
export class BatcherClosed extends Error {}

/**
 * Gathers calls while one batch is in flight and runs them as the next one: no timer, so an idle caller
 * waits for nothing and a busy one shares the cost. One batch at a time, in the order of submission.
 * `run` returns one output per input; if it rejects, every input of that batch is rejected.
 */
export class MicroBatcher<Input, Output> {
  private queue: Waiting<Input, Output>[] = [];
  private running = false;
  private closed = false;
  private idle: (() => void)[] = [];

  constructor(
    private readonly run: (inputs: Input[]) => Promise<Output[]>,
    private readonly limits: { maxBatch: number; maxQueue: number },
  ) {}

  submit(input: Input): Promise<Output> {
    if (this.closed) return Promise.reject(new BatcherClosed());
    if (this.queue.length >= this.limits.maxQueue) return Promise.reject(new BatcherOverloaded());
    return new Promise((resolve, reject) => {
      this.queue.push({ input, resolve, reject });
      if (!this.running) {
        this.running = true;
        // Calls of the same tick join the first batch.
        setImmediate(() => void this.drain());
      }
    });
  }

  /** Refuses new inputs and waits for those already taken. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.running) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      const batch = this.queue.splice(0, this.limits.maxBatch);
      try {
        const outputs = await this.run(batch.map((waiting) => waiting.input));
        batch.forEach((waiting, index) => waiting.resolve(outputs[index] as Output));
      } catch (error) {
        for (const waiting of batch) waiting.reject(error);
      }
    }
    this.running = false;
    for (const resolve of this.idle.splice(0)) resolve();
  }
}
