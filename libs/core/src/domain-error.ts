/**
 * A failure the caller can understand and act on, told by a stable code. Everything else that is thrown
 * is a defect. `#platform` narrows `Code` to the codes of the contracts.
 */
export class DomainError<Code extends string = string> extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly code: Code,
    readonly params: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(code, options);
  }
}
