import { describe, expect, it } from '@jest/globals';
import type { ArgumentMetadata } from '@nestjs/common';
import { z } from 'zod';
import { DomainError } from './domain-error.js';
import { ValidationPipe } from './validation.pipe.js';

const pipe = new ValidationPipe();
const body = z.strictObject({
  text: z.string().min(1),
  nested: z.strictObject({ 'a/b~c': z.array(z.int()) }).optional(),
});
const check = (type: ArgumentMetadata['type'], schema: z.ZodType, value: unknown) =>
  pipe.transform(value, { type, schema } as ArgumentMetadata);
const errorsOf = async (
  type: ArgumentMetadata['type'],
  schema: z.ZodType,
  value: unknown,
): Promise<{ pointer: string; detail: string }[]> => {
  const error = await check(type, schema, value).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DomainError);
  expect(error).toMatchObject({ code: 'request.invalid' });
  return (error as DomainError).params['errors'] as { pointer: string; detail: string }[];
};
const pointersOf = async (...args: Parameters<typeof errorsOf>) =>
  (await errorsOf(...args)).map(({ pointer }) => pointer);

describe('ValidationPipe', () => {
  it('resolves to what the schema makes of the value', async () => {
    const query = z.strictObject({ limit: z.coerce.number().default(50) });
    expect(await check('query', query, { limit: '7' })).toEqual({ limit: 7 });
    expect(await check('query', query, undefined)).toEqual({ limit: 50 });
  });

  it('points at a wrong value by RFC 6901', async () => {
    expect(await pointersOf('body', body, { text: '', nested: { 'a/b~c': [1, 'x'] } })).toEqual([
      '/text',
      '/nested/a~1b~0c/1',
    ]);
  });

  it('points at each unknown field', async () => {
    expect(await errorsOf('body', body, { text: 'x', extra: 1, 'm/n': 2 })).toEqual([
      { pointer: '/extra', detail: 'unknown field' },
      { pointer: '/m~1n', detail: 'unknown field' },
    ]);
  });

  it('tells path and query from the body', async () => {
    const id = z.strictObject({ id: z.uuid() });
    expect(await pointersOf('param', id, { id: 'x' })).toEqual(['/path/id']);
    expect(await pointersOf('query', id, { id: 'x', extra: 1 })).toEqual(['/query/id', '/query/extra']);
  });

  it('points at the whole body when it is of the wrong kind', async () => {
    expect(await pointersOf('body', body, 'text')).toEqual(['']);
    expect(await pointersOf('body', body, [])).toEqual(['']);
  });

  it('takes a missing body for an empty one', async () => {
    expect(await pointersOf('body', body, undefined)).toEqual(['/text']);
  });

  it('tells no more than fifty of a thousand problems', async () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`key${index}`, 1]));
    expect(await errorsOf('body', body, { text: 'x', ...many })).toHaveLength(50);
    expect(
      await errorsOf(
        'body',
        z.array(z.string()),
        Array.from({ length: 1000 }, () => 1),
      ),
    ).toHaveLength(50);
  });

  it('refuses a parameter without a schema, where Nest would let it pass', async () => {
    await expect(pipe.transform('x', { type: 'query', data: 'q' } as ArgumentMetadata)).rejects.toThrow(
      'query parameter q has no schema',
    );
  });

  it('leaves what a decorator of ours provides', async () => {
    expect(await pipe.transform('principal', { type: 'custom' } as ArgumentMetadata)).toBe('principal');
  });
});
