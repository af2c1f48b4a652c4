import type { z } from 'zod';
import { routes, type CallerKind, type OperationId } from '#contracts';
import type { Person } from '../running-chat.js';
import type { World } from './world.js';

type Routes = typeof routes;

/** Every operation that this service answers. */
export type ChatOperation = {
  [Id in OperationId]: Routes[Id]['service'] extends 'chat' ? Id : never;
}[OperationId];

type Named<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Named<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** JSON as the route takes it, or the bytes of a route that takes something else. */
type Body<Id extends OperationId> = Routes[Id] extends { body: infer Schema extends z.ZodType }
  ? { body: z.input<Schema> }
  : Routes[Id] extends { consumes: readonly string[] }
    ? { body: Buffer | string; headers: { 'content-type': string } }
    : { body?: undefined };
type Params<Id extends OperationId> =
  Named<Routes[Id]['path']> extends never
    ? { params?: undefined }
    : { params: Record<Named<Routes[Id]['path']>, string> };

/** A valid request. `as`: somebody of the caller's kind who may be used up by it. */
export type ValidRequest<Id extends OperationId> = Params<Id> &
  Body<Id> & { query?: Record<string, string>; as?: Person | undefined };

/**
 * How to make a request that is in order but for who makes it. What the request uses up is made anew each
 * time; what has to be somebody's own is the caller's, or for outsiders a member's.
 */
export type Row<Id extends OperationId> = (
  world: World,
  caller: CallerKind,
) => ValidRequest<Id> | Promise<ValidRequest<Id>>;

export type Rows = { [Id in ChatOperation]: Row<Id> };
