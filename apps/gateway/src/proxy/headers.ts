/** RFC 9110 §7.6.1, and `Expect`, which the gateway has answered itself. */
const HOP_BY_HOP = [
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** What the gateway says itself, and a client must not say in its place. */
const OURS = [
  'content-length',
  'forwarded',
  'host',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-real-ip',
  'x-request-id',
];

const NOT_FORWARDED: ReadonlySet<string> = new Set([...HOP_BY_HOP, ...OURS]);
const NOT_RETURNED: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'x-request-id']);

/** Names a `Connection` header lists besides the usual; undefined for the usual. */
const connectionOptions = (connection: string | undefined): ReadonlySet<string> | undefined => {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  return new Set(connection.split(',').map((option) => option.trim().toLowerCase()));
};

/** What `requestHead` reads of an `IncomingMessage`. */
export type ReceivedHead = {
  method?: string | undefined;
  url?: string | undefined;
  rawHeaders: readonly string[];
  headers: { connection?: string | undefined };
};

export type Forwarding = {
  /** Value of `X-Forwarded-For`. */
  for: string;
  proto: string;
  /** The host the client asked for. */
  host: string;
  requestId: string;
  /** Of the gateway's own span; without one the client's passes through. */
  traceparent?: string | undefined;
};

export type Body = { kind: 'none' } | { kind: 'length'; length: number } | { kind: 'chunked' };

/**
 * The head of the request to an upstream. Framing, host and forwarding headers are always ours, written
 * last and once, so nothing a client sends can add to or contradict them.
 */
export const requestHead = (
  request: ReceivedHead,
  upstreamHost: string,
  forwarding: Forwarding,
  body: Body,
  keepAlive = true,
): string => {
  const { rawHeaders } = request;
  const dropped = connectionOptions(request.headers.connection);
  let head = `${request.method} ${request.url} HTTP/1.1\r\n`;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const lower = name.toLowerCase();
    if (NOT_FORWARDED.has(lower) || dropped?.has(lower)) continue;
    if (lower === 'traceparent' && forwarding.traceparent) continue;
    head += `${name}: ${rawHeaders[i + 1] as string}\r\n`;
  }
  if (body.kind === 'length') head += `content-length: ${body.length}\r\n`;
  else if (body.kind === 'chunked') head += 'transfer-encoding: chunked\r\n';
  if (forwarding.traceparent) head += `traceparent: ${forwarding.traceparent}\r\n`;
  return (
    head +
    `host: ${upstreamHost}\r\nx-forwarded-for: ${forwarding.for}\r\nx-forwarded-proto: ${forwarding.proto}\r\n` +
    `x-forwarded-host: ${forwarding.host}\r\nx-request-id: ${forwarding.requestId}\r\n` +
    `connection: ${keepAlive ? 'keep-alive' : 'close'}\r\n\r\n`
  );
};

/** End-to-end headers of a reply, as the flat list `writeHead` takes. Adds to `into`. */
export const replyHeaders = (
  headers: readonly string[],
  connection: string | undefined,
  into: string[],
): string[] => {
  const dropped = connectionOptions(connection);
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string;
    const lower = name.toLowerCase();
    if (!NOT_RETURNED.has(lower) && !dropped?.has(lower)) into.push(name, headers[i + 1] as string);
  }
  return into;
};
