import { DomainError } from './domain-error.js';

/** What every list answers to a cursor that is not one of its own. */
export const foreignCursor = () =>
  new DomainError('request.invalid', {
    errors: [{ pointer: '/query/cursor', detail: 'is not a cursor of this list' }],
  });
