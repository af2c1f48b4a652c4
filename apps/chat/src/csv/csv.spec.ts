import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_ROWS, readCsv, severalOf } from './csv.js';

const read = (text: string | Uint8Array) =>
  readCsv(typeof text === 'string' ? Buffer.from(text) : text, ['email', 'name'], ['email']);
const unreadable = expect.objectContaining({ code: 'import.unreadable' });

describe('a CSV file', () => {
  it('is read by the names of its columns, with a byte order mark, quotes and line ends of any kind', () => {
    const { rows, omissions } = read(
      '\uFEFF Name ,EMAIL\r\n"Ada, ""the"" first",ada@example.org\r\n\r\n Bob , bob@example.org \r\n',
    );
    expect(rows).toEqual([
      { line: 2, values: { name: 'Ada, "the" first', email: 'ada@example.org' } },
      { line: 4, values: { name: 'Bob', email: 'bob@example.org' } },
    ]);
    expect(omissions).toEqual([]);
  });

  it('may have a row that can not be read, and columns that are not', () => {
    const { rows, omissions } = read(
      'email,age,email\na@example.org,1,x\nb@example.org\nc@example.org,3,y\n',
    );
    expect(rows.map(({ values }) => values['email'])).toEqual(['a@example.org', 'c@example.org']);
    expect(omissions.map(({ line, pointer, code }) => [line, pointer, code])).toEqual([
      [1, '/age', 'unknown'],
      [1, '/email', 'unknown'],
      [3, '', 'malformed'],
    ]);
  });

  it.each([
    ['bytes that are not UTF-8', Buffer.from([0x65, 0xff, 0x0a])],
    ['no column that is needed', 'name\nAda\n'],
    ['too many rows', `email\n${'a@example.org\n'.repeat(MAX_ROWS + 1)}`],
  ])('is refused with %s', (_, text) => {
    expect(() => read(text)).toThrow(unreadable);
  });

  it('never fails otherwise, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const { rows } = read(`email,name\n${text.toWellFormed()}`);
        for (const { values } of rows) expect(Object.keys(values).sort()).toEqual(['email', 'name']);
      }),
    );
  });

  it('holds several values in a field', () => {
    expect(severalOf(' a; b,c  d;a ')).toEqual(['a', 'b', 'c', 'd']);
    expect(severalOf('  ')).toEqual([]);
  });
});
