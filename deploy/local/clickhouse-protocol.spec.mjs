import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentType, exceptionOf, formatOf, parseRequest } from './clickhouse-protocol.mjs';

const request = (query, body = '', method = 'POST') =>
  parseRequest({ method, search: new URLSearchParams(query), database: undefined, body: Buffer.from(body) });

test('takes the statement from the body, or from the URL with data in the body', () => {
  assert.equal(request({}, 'SELECT 1').sql, 'SELECT 1');
  const insert = request({ query: 'INSERT INTO t FORMAT JSONEachRow' }, '{"a":1}\n{"a":2}\n');
  assert.equal(insert.sql, 'INSERT INTO t FORMAT JSONEachRow\n{"a":1}\n{"a":2}\n');
  assert.equal(insert.insertedLines, 2);
});

test('drops blank lines between rows, which would end the data, and keeps those of other formats', () => {
  assert.match(request({ query: 'INSERT INTO t FORMAT JSONEachRow' }, '{"a":1}\n\n{"a":2}').sql, /1\}\n\{/);
  assert.match(request({ query: 'INSERT INTO t FORMAT CSV' }, '"a\n\nb"').sql, /a\n\nb/);
});

test('turns settings, parameters and database into statements that no value can leave', () => {
  const { before } = request({
    database: 'a`b',
    max_threads: '1',
    param_x: `it's \\N`,
    wait_end_of_query: '1',
    http_headers_progress_interval_ms: '9',
  });
  assert.deepEqual(before, ['USE `a\\`b`', `SET max_threads = '1', param_x = 'it\\'s \\\\N'`]);
});

test('refuses a setting whose name is none', () => {
  assert.throws(() => request({ 'a = 1, b': '1' }), /UNKNOWN_SETTING/);
});

test('lets a GET only read', () => {
  assert.deepEqual(request({ query: 'SELECT 1' }, '', 'GET').before, ['SET readonly = 2']);
  assert.deepEqual(request({ query: 'SELECT 1' }).before, []);
});

test('answers in the format the statement names, else in the default', () => {
  assert.equal(formatOf('SELECT 1 FORMAT JSON', 'TabSeparated'), 'JSON');
  assert.equal(formatOf('SELECT 1\nFORMAT JSONEachRow SETTINGS a = 1', 'TabSeparated'), 'JSONEachRow');
  assert.equal(formatOf('SELECT 1', 'TabSeparated'), 'TabSeparated');
  assert.equal(contentType('JSONEachRow'), 'application/json; charset=UTF-8');
});

test('maps an exception to its code and HTTP status', () => {
  const unknownTable = exceptionOf(
    new Error('Query failed: Code: 60. DB::Exception: no such table. (UNKNOWN_TABLE)'),
  );
  assert.equal(unknownTable.status, 404);
  assert.equal(unknownTable.code, 60);
  assert.match(unknownTable.text, /^Code: 60\. DB::Exception: .*\(UNKNOWN_TABLE\)/);
  assert.equal(exceptionOf(new Error('boom')).status, 500);
});
