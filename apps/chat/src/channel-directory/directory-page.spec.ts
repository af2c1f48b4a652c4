import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { encodeCursor } from '#core';
import { DomainError } from '#platform';
import { newId } from '#testing';
import { directoryStart, wordsPattern, type DirectorySort } from './directory-page.js';

const sorts: DirectorySort[] = ['name', 'members', 'recent'];
const time = fc
  .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

describe('a page of the directory', () => {
  test.prop([fc.string().filter((text) => !text.includes('\0')), fc.nat(2 ** 31 - 1), time])(
    'goes on where the last one ended, in every order',
    (name, members, created) => {
      const id = newId.channel();
      for (const [sort, key] of [
        ['name', name],
        ['members', members],
        ['recent', created],
      ] as const)
        expect(directoryStart(sort, encodeCursor([key, id]))).toEqual([key, id]);
    },
  );

  test.prop([
    fc.constantFrom(...sorts),
    fc.oneof(
      fc.string(),
      fc.array(fc.jsonValue()).map((of) => encodeCursor(of as never)),
    ),
  ])('never passes on what the database could not read', (sort, cursor) => {
    try {
      const [key, id] = directoryStart(sort, cursor);
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
      expect(typeof key).toBe(sort === 'members' ? 'number' : 'string');
    } catch (error) {
      expect((error as DomainError).code).toBe('request.invalid');
    }
  });

  it('does not go on in another order', () => {
    const id = newId.channel();
    expect(() => directoryStart('members', encodeCursor(['general', id]))).toThrow(DomainError);
    expect(() => directoryStart('name', encodeCursor([7, id]))).toThrow(DomainError);
    expect(() => directoryStart('recent', encodeCursor(['general', id]))).toThrow(DomainError);
  });
});

describe('what people look for', () => {
  it.each([
    [undefined, null],
    ['', null],
    ['  ', null],
    ['#', null],
    ['General', '%general%'],
    ['#general', '%general%'],
    ['100%_\\', String.raw`%100\%\_\\%`],
  ])('%j is %j', (q, pattern) => expect(wordsPattern(q)).toBe(pattern));
});
