import { errors, type JWTVerifyGetKey } from 'jose';
import { DomainError } from '#platform';

/**
 * The keys of chat, from whichever of its processes answers. That none answers says nothing about the
 * token: it must not look like a bad one, or clients would log out while chat restarts.
 */
export const keysFromAny = (sources: readonly JWTVerifyGetKey[]): JWTVerifyGetKey => {
  let preferred = 0;
  return async (header, token) => {
    for (let i = 0; i < sources.length; i += 1) {
      const at = (preferred + i) % sources.length;
      try {
        const key = await (sources[at] as JWTVerifyGetKey)(header, token);
        preferred = at;
        return key;
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
          throw error;
      }
    }
    throw new DomainError('unavailable');
  };
};
