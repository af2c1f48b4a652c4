import type { CallerKind } from '#contracts';
import type { AnyRequest, Place } from './place.js';
import { rows } from './rows.js';

type AnyRow = (place: Place, caller: CallerKind) => AnyRequest | Promise<AnyRequest>;

/** A valid request to an operation. */
export const requestTo = async (place: Place, id: string, caller: CallerKind): Promise<AnyRequest> =>
  ((rows as unknown as Record<string, AnyRow>)[id] as AnyRow)(place, caller);
