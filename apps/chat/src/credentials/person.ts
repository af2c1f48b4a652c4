import { DomainError, type Principal } from '#platform';

/** Bots have no credentials of their own: their tokens are issued to them. */
export const requirePerson = (caller: Principal): void => {
  if (caller.kind !== 'user') throw new DomainError('permission.denied');
};
