/**
 * ClickHouse for one machine: the real engine (npm `chdb`) behind the HTTP interface `@clickhouse/client`
 * speaks. A process of its own because the engine leaks settings between in-process queries, crashes in
 * worker threads, and must not take a service down with it. Each request gets a fresh engine session, and
 * requests run one after another.
 *
 *   node deploy/local/clickhouse-sidecar.mjs --port 8123 --data .data/clickhouse
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { contentType, exceptionOf, formatOf, parseRequest } from './clickhouse-protocol.mjs';

const { values: options } = parseArgs({
  options: { port: { type: 'string', default: '8123' }, data: { type: 'string' } },
});
if (!options.data) {
  console.error('clickhouse-sidecar: --data <directory> is required');
  process.exit(1);
}
mkdirSync(options.data, { recursive: true });
const { Session } = await import('chdb');
// Held open for the life of the process: closing the last session unloads the database.
const keeper = new Session(options.data);

/** @type {Promise<unknown>} */
let queue = Promise.resolve();

/** Runs one request in a session of its own, after those before it. */
function execute(request) {
  const run = queue.then(async () => {
    const session = new Session(options.data);
    try {
      for (const statement of request.before) session.query(statement);
      return await session.queryAsync(request.sql, { format: request.format });
    } finally {
      session.close();
    }
  });
  queue = run.catch(() => undefined);
  return run;
}

async function bodyOf(req) {
  const chunks = [];
  for await (const chunk of req) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  return req.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

async function answer(req, res) {
  const url = new URL(req.url ?? '/', 'http://localhost');
  if (
    url.pathname === '/ping' ||
    (url.pathname === '/' && req.method === 'GET' && !url.searchParams.has('query'))
  ) {
    res.end('Ok.\n');
    return;
  }
  // No page in a browser has business here: without this any web site could post SQL to loopback.
  if (req.headers.origin || req.headers['sec-fetch-site']) {
    res
      .writeHead(403)
      .end('Code: 516. DB::Exception: requests from a browser are refused. (AUTHENTICATION_FAILED)\n');
    return;
  }
  const started = process.hrtime.bigint();
  const queryId = url.searchParams.get('query_id') ?? randomUUID();
  try {
    const database = req.headers['x-clickhouse-database'];
    const request = parseRequest({
      method: req.method ?? 'POST',
      search: url.searchParams,
      database: Array.isArray(database) ? database[0] : database,
      body: await bodyOf(req),
    });
    const result = await execute(request);
    const bytes = result.bytes();
    const written = request.insertedLines;
    const format = formatOf(request.sql, request.format);
    const summary = {
      read_rows: result.rowsRead,
      read_bytes: result.bytesRead,
      written_rows: written,
      written_bytes: 0,
      total_rows_to_read: 0,
      result_rows: 0,
      result_bytes: bytes.length,
      elapsed_ns: process.hrtime.bigint() - started,
    };
    res.writeHead(200, {
      'content-type': contentType(format),
      'content-length': bytes.length,
      'x-clickhouse-format': format,
      'x-clickhouse-query-id': queryId,
      'x-clickhouse-timezone': process.env.TZ ?? 'UTC',
      'x-clickhouse-summary': JSON.stringify(summary, (_key, value) =>
        typeof value === 'object' ? value : String(value),
      ),
    });
    res.end(bytes);
  } catch (error) {
    const exception = exceptionOf(error);
    res.writeHead(exception.status, {
      'content-type': 'text/plain; charset=UTF-8',
      'x-clickhouse-exception-code': String(exception.code),
      'x-clickhouse-query-id': queryId,
    });
    res.end(exception.text);
  }
}

const server = createServer((req, res) => void answer(req, res).catch((error) => res.destroy(error)));
server.keepAliveTimeout = 10_000;
server.listen(Number(options.port), '127.0.0.1', () =>
  console.log(`clickhouse-sidecar: listening on 127.0.0.1:${options.port}`),
);

let stopping = false;
async function stop() {
  if (stopping) return;
  stopping = true;
  server.close();
  await queue;
  keeper.close();
  process.exit(0);
}
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
