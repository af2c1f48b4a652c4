import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { DomainError } from './domain-error.js';

export type PointedError = { pointer: string; detail: string };

const prefixes: Record<string, string> = { body: '', query: '/query', param: '/path' };
const escape = (segment: PropertyKey) => String(segment).replaceAll('~', '~0').replaceAll('/', '~1');

/** Turns schema issues into RFC 6901 pointers: one per unknown key, one per wrong value. */
export const pointedErrors = (source: string, issues: readonly StandardSchemaV1.Issue[]): PointedError[] =>
  issues.slice(0, 50).flatMap((issue) => {
    const segments = (issue.path ?? []).map((segment) =>
      typeof segment === 'object' ? segment.key : segment,
    );
    const pointer = [prefixes[source] ?? '', ...segments.map(escape)].join('/');
    const { keys } = issue as { keys?: string[] };
    return keys
      ? keys.slice(0, 50).map((key) => ({ pointer: `${pointer}/${escape(key)}`, detail: 'unknown field' }))
      : [{ pointer, detail: issue.message }];
  });

/**
 * Validates every body, query and path parameter against the schema of its decorator. Nest's own pipe
 * lets a parameter without a schema pass; this one refuses it.
 */
@Injectable()
export class ValidationPipe implements PipeTransform {
  async transform(value: unknown, { type, schema, data }: ArgumentMetadata): Promise<unknown> {
    if (type === 'custom') return value;
    if (!schema) throw new Error(`${type} parameter ${data ?? ''} has no schema`);
    const standard = schema['~standard'];
    const result = await standard.validate(value ?? {});
    if (!result.issues) return result.value;
    throw new DomainError('request.invalid', { errors: pointedErrors(type, result.issues) });
  }
}
