import { DomainError, type Principal } from '#platform';

/** Bots read everything they want to read; nobody tells them. Throws `permission.denied`. */
export const requirePerson = (caller: Principal): void => {
  if (caller.kind !== 'user') throw new DomainError('permission.denied');
};
