import { RetryLater, RpcFailed } from '#bus';
import { BatcherClosed, BatcherOverloaded, type MicroBatcher } from '#core';
import { DatabaseUnavailable } from '#db';

/** Why one input of a batch was not handled. */
export class Failure {
  constructor(private readonly error: unknown) {}

  /** Not the event is at fault when chat or the database can't be reached: it comes again for as long as it takes. */
  raise(): never {
    if (this.isOutage())
      throw new RetryLater((this.error as Error).message, undefined, { cause: this.error });
    throw this.error;
  }

  isOutage(): boolean {
    return [RpcFailed, DatabaseUnavailable, RetryLater].some((kind) => this.error instanceof kind);
  }
}

/** Handles a batch; when it fails for another reason than an outage each alone, so that one does not fail the others. */
export const settled = async <Input>(
  inputs: readonly Input[],
  handle: (inputs: readonly Input[]) => Promise<void>,
): Promise<(Failure | null)[]> => {
  try {
    await handle(inputs);
    return inputs.map(() => null);
  } catch (error) {
    const failure = new Failure(error);
    if (inputs.length === 1 || failure.isOutage()) return inputs.map(() => failure);
    const outcomes: (Failure | null)[] = [];
    for (const input of inputs) outcomes.push(...(await settled([input], handle)));
    return outcomes;
  }
};

/** What becomes of an input; one that is not taken, for there are too many or it is too late, comes again. */
export const submitted = async <Input>(
  batcher: MicroBatcher<Input, Failure | null>,
  input: Input,
): Promise<Failure | null> => {
  try {
    return await batcher.submit(input);
  } catch (error) {
    if (error instanceof BatcherClosed || error instanceof BatcherOverloaded)
      throw new RetryLater('the batch is not taken', undefined, { cause: error });
    throw error;
  }
};
