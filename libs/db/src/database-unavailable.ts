/** Postgres could not be reached or is starting or stopping; the same call may succeed in a moment. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  /** What a client is told: 503, try again. */
  readonly statusCode = 503;
}

// SQLSTATE classes 08 (connection), 53 (resources), 57P (operator intervention), and what the socket says.
const CONNECTION_FAULT = /^(08|53|57P)|^E(CONN|PIPE|HOST|NET|TIMEDOUT|AI_AGAIN)/;
const DRIVER_FAULT =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

/** Turns a failure of the connection into `DatabaseUnavailable`; returns anything else as it is. */
export const asUnavailable = (error: unknown): unknown => {
  const { code, message, driverError } = error as { code?: unknown; message?: string; driverError?: unknown };
  if (driverError !== undefined && driverError !== error) {
    const inner = asUnavailable(driverError);
    if (inner instanceof DatabaseUnavailable) return inner;
  }
  const fault = (typeof code === 'string' && CONNECTION_FAULT.test(code)) || DRIVER_FAULT.test(message ?? '');
  return fault ? new DatabaseUnavailable(message, { cause: error }) : error;
};
