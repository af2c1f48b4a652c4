/**
 * A reply without length and without chunks: it ends with the connection. Pages of any origin may read one
 * that a ticket opened: there is nothing of their visitor's in it that they did not bring.
 */
export const streamHead = (requestId: string, byTicket: boolean): string =>
  [
    'HTTP/1.1 200 OK',
    'content-type: text/event-stream',
    'cache-control: no-store',
    'x-accel-buffering: no',
    'x-content-type-options: nosniff',
    'referrer-policy: no-referrer',
    ...(byTicket ? ['access-control-allow-origin: *'] : []),
    `x-request-id: ${requestId}`,
    `date: ${new Date().toUTCString()}`,
    'connection: close',
    '\r\n',
  ].join('\r\n');
