import { DomainError as CodedError } from '#core';
import type { ProblemCode } from '#contracts';

/** `DomainError` narrowed to the codes of the contracts: an undocumented code does not type-check. */
export const DomainError = CodedError<ProblemCode>;
export type DomainError = CodedError<ProblemCode>;
