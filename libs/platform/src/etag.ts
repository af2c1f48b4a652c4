import { DomainError } from './domain-error.js';

/** The entity tag of something's version (RFC 9110 §8.8.3). */
export const etag = (version: number): string => `"${version}"`;

/**
 * Throws `precondition.failed` when `If-Match` (RFC 9110 §13.1.1) names other versions than the present
 * one. Without the header, or with `*`, anything goes.
 */
export const requireVersion = (ifMatch: string | undefined, version: number): void => {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const named = ifMatch.split(',').map((tag) => tag.trim());
  if (!named.includes(etag(version))) throw new DomainError('precondition.failed');
};
