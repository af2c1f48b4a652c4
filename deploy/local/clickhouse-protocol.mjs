/**
 * The part of ClickHouse's HTTP interface that clients use, as pure functions: what a request asks
 * for, and how an answer or an exception is worded. The process around it is clickhouse-sidecar.mjs.
 */

/** Parameters of the HTTP layer itself, which the engine doesn't know as settings. */
const HTTP_ONLY = new Set([
  'query',
  'database',
  'default_format',
  'query_id',
  'user',
  'password',
  'role',
  'quota_key',
  'stacktrace',
  'session_id',
  'session_timeout',
  'session_check',
  'close_session',
  'compress',
  'decompress',
  'buffer_size',
  'wait_end_of_query',
  'enable_http_compression',
  'send_progress_in_http_headers',
  'cancel_http_readonly_queries_on_client_close',
]);

/** HTTP status by exception code, as ClickHouse's HTTPHandler has it; anything else is 500. */
const STATUS = new Map([
  ...[26, 27, 38, 41, 53, 62, 72, 73, 117, 386, 456, 457, 467].map(
    (code) => /** @type {const} */ ([code, 400]),
  ),
  ...[46, 47, 60, 81, 115].map((code) => /** @type {const} */ ([code, 404])),
  ...[192, 193, 194, 516].map((code) => /** @type {const} */ ([code, 403])),
  [164, 500],
  [159, 408],
  [241, 500],
  [202, 503],
]);

const CONTENT_TYPES = {
  JSON: 'application/json',
  XML: 'application/xml',
  CSV: 'text/csv',
  Tab: 'text/tab-separated-values',
};

const literal = (value) => `'${value.replace(/[\\']/g, '\\$&')}'`;
const identifier = (name) => `\`${name.replace(/[\\`]/g, '\\$&')}\``;

/**
 * @param {{ method: string, search: URLSearchParams, database: string | undefined, body: Buffer }} request
 * @returns {{ before: string[], sql: string, format: string, insertedLines: number }} `before` runs first, in the
 *   request's own session, so that settings, parameters and database of one request never reach another
 */
export function parseRequest({ method, search, database, body }) {
  const before = [];
  const settings = [];
  for (const [name, value] of search) {
    if (HTTP_ONLY.has(name) || name.startsWith('http_')) continue;
    if (!/^\w+$/.test(name))
      throw new Error(`Code: 115. DB::Exception: Unknown setting ${name}. (UNKNOWN_SETTING)`);
    settings.push(`${name} = ${literal(value)}`);
  }
  // Like the server: a GET only reads. 2 rather than 1, because the statement may carry SETTINGS of its own.
  if (method === 'GET') settings.push('readonly = 2');
  const useDatabase = search.get('database') ?? database;
  if (useDatabase) before.push(`USE ${identifier(useDatabase)}`);
  if (settings.length) before.push(`SET ${settings.join(', ')}`);
  const inUrl = search.get('query');
  const text = body.toString('utf8');
  const data = inUrl && text.trim() !== '' ? insertData(inUrl, text) : '';
  const sql = inUrl ? inUrl + (data && `\n${data}`) : text;
  return {
    before,
    sql,
    format: search.get('default_format') ?? 'TabSeparated',
    insertedLines: data ? data.trimEnd().split('\n').length : 0,
  };
}

/** The engine takes a blank line for the end of inline data; between rows of a line format it means nothing. */
function insertData(query, text) {
  return /FORMAT\s+(JSON|TSV|TabSeparated)\w*\s*$/i.test(query) ? text.replace(/\n\s*\n+/g, '\n') : text;
}

/** The format an answer is in: the statement's own FORMAT, else the default. */
export function formatOf(sql, fallback) {
  return /\bFORMAT\s+(\w+)\s*(?:SETTINGS\b[\s\S]*|;?\s*)$/i.exec(sql)?.[1] ?? fallback;
}

export function contentType(format) {
  const known = Object.entries(CONTENT_TYPES).find(([prefix]) => format.startsWith(prefix));
  return `${known?.[1] ?? 'text/plain'}; charset=UTF-8`;
}

/** @param {unknown} error what the engine threw */
export function exceptionOf(error) {
  const message = String(error instanceof Error ? error.message : error).replace(/^Query failed: /, '');
  const code = Number(/Code: (\d+)/.exec(message)?.[1] ?? 1002);
  const text = message.startsWith('Code:')
    ? message
    : `Code: ${code}. DB::Exception: ${message} (UNKNOWN_EXCEPTION)`;
  return { code, status: STATUS.get(code) ?? 500, text: `${text.trim()} (version embedded)\n` };
}
