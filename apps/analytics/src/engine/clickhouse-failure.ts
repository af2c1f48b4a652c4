import { ClickHouseError } from '@clickhouse/client';

/**
 * What a failed request means: `refused`: these data will never be taken; `no_schema`: database or table
 * are missing; `defect`: the statement is wrong; `unavailable`: anything that may pass, from a broken
 * connection to a full disk.
 */
export type Failure = 'refused' | 'no_schema' | 'defect' | 'unavailable';

/** https://github.com/ClickHouse/ClickHouse/blob/master/src/Common/ErrorCodes.cpp */
const meanings: Record<string, Failure> = {
  6: 'refused', // CANNOT_PARSE_TEXT
  25: 'refused', // CANNOT_PARSE_ESCAPE_SEQUENCE
  26: 'refused', // CANNOT_PARSE_QUOTED_STRING
  27: 'refused', // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  38: 'refused', // CANNOT_PARSE_DATE
  41: 'refused', // CANNOT_PARSE_DATETIME
  53: 'refused', // TYPE_MISMATCH
  69: 'refused', // ARGUMENT_OUT_OF_BOUND
  70: 'refused', // CANNOT_CONVERT_TYPE
  72: 'refused', // CANNOT_PARSE_NUMBER
  117: 'refused', // INCORRECT_DATA
  321: 'refused', // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  376: 'refused', // CANNOT_PARSE_UUID
  60: 'no_schema', // UNKNOWN_TABLE
  81: 'no_schema', // UNKNOWN_DATABASE
  46: 'defect', // UNKNOWN_FUNCTION
  47: 'defect', // UNKNOWN_IDENTIFIER
  62: 'defect', // SYNTAX_ERROR
};

export const failureOf = (error: unknown): Failure =>
  (error instanceof ClickHouseError && meanings[error.code]) || 'unavailable';
