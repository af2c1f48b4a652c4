/** One thing to request: a path and the headers that go with it. */
export interface Target {
  readonly path: string;
  readonly headers: readonly string[];
}

export interface Endpoint {
  readonly port: number;
  readonly targets: readonly Target[];
}

/** Something that carries messages from a POST to event streams: the product, or a peer it is compared with. */
export interface Subject {
  readonly name: string;
  readonly send: Endpoint;
  readonly streams: Endpoint;
  /** Who works for it, for CPU per message: name → pid. */
  readonly processes: Readonly<Record<string, number>>;
  /** Name of the first event of a stream; without it, the response head means that the stream is live. */
  readonly readyEvent?: string;
  /** Publishes one more message event behind the sending half, straight onto the bus. */
  readonly feed?: () => void;
}

export function bearer(token: string): string {
  return `Authorization: Bearer ${token}`;
}
