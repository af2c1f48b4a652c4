import { describe, expect, it } from '@jest/globals';
import { ClickHouseError } from '@clickhouse/client';
import { failureOf } from './clickhouse-failure.js';

const error = (code: string) => new ClickHouseError({ code, message: 'told by the server' });

describe('failure of a request to ClickHouse', () => {
  it('blames the data only where ClickHouse does', () => {
    expect(failureOf(error('27'))).toBe('refused');
    expect(failureOf(error('241'))).toBe('unavailable');
  });

  it('knows a missing table from a wrong statement', () => {
    expect(failureOf(error('60'))).toBe('no_schema');
    expect(failureOf(error('62'))).toBe('defect');
  });

  it('takes everything else for an outage', () => {
    expect(failureOf(new Error('connect ECONNREFUSED'))).toBe('unavailable');
    expect(failureOf(undefined)).toBe('unavailable');
  });
});
