import { DomainError, type Principal } from '#platform';

/** Bots have no profile, password or preferences of their own. Throws `permission.denied`. */
export const requirePerson = (caller: Principal): void => {
  if (caller.kind !== 'user') throw new DomainError('permission.denied');
};
