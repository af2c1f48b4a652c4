import { describe, expect, it } from '@jest/globals';
import { asUnavailable, DatabaseUnavailable } from './database-unavailable.js';

const coded = (code: string) => Object.assign(new Error('x'), { code });

describe('a failure of the database', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', '57P01', '57P03', '08006', '53300'])(
    '%s means: try again',
    (code) => {
      expect(asUnavailable(coded(code))).toBeInstanceOf(DatabaseUnavailable);
    },
  );

  it('is seen through the wrapping of TypeORM and the words of the driver', () => {
    expect(asUnavailable(Object.assign(new Error('q'), { driverError: coded('57P01') }))).toBeInstanceOf(
      DatabaseUnavailable,
    );
    expect(asUnavailable(new Error('Connection terminated unexpectedly'))).toBeInstanceOf(
      DatabaseUnavailable,
    );
  });

  it.each(['23505', '42601', '22P02'])('%s is our own fault and stays what it is', (code) => {
    const error = coded(code);
    expect(asUnavailable(error)).toBe(error);
  });
});
