import { API_PREFIX, routes, type OperationId, type Route } from '#contracts';
import { BODY_LIMIT_BYTES } from '#platform';

export type Service = Route['service'];

/** What the gateway must know of a route; the services know the rest. */
export type EdgeRoute = {
  operation: OperationId;
  service: Service;
  /** Label of the route's metrics. */
  group: string;
  anonymous: boolean;
  stream: boolean;
  /** A ticket in the query does instead of a token; the service looks at it. */
  ticket: boolean;
  /** Guessing passwords is slowed down by a bucket of its own. */
  guessable: boolean;
  /** Sets or uses the session cookies although it needs no token. */
  opensSession: boolean;
  /** Larger requests are refused here. */
  maxBodyBytes: number;
};

type Node = { literals: Map<string, Node>; parameter: Node | null; methods: Map<string, EdgeRoute> };

const node = (): Node => ({ literals: new Map(), parameter: null, methods: new Map() });
const GUESSABLE: ReadonlySet<string> = new Set<OperationId>([
  'login',
  'completeLogin',
  'loginWithPasskey',
  'register',
  'forgotPassword',
  'issueServiceToken',
]);
const OPENS_SESSION: ReadonlySet<string> = new Set<OperationId>([
  'login',
  'completeLogin',
  'loginWithPasskey',
  'register',
  'refresh',
]);
/** `%2e` is a dot for the URL parsers behind us. */
const DOT_SEGMENT = /^(?:\.|%2e){1,2}$/i;

const edgeRoute = (operation: OperationId, route: Route): EdgeRoute => ({
  operation,
  service: route.service,
  group: route.tag,
  anonymous: route.auth === false,
  stream: route.stream === true,
  ticket: route.ticket === true,
  guessable: GUESSABLE.has(operation),
  opensSession: OPENS_SESSION.has(operation),
  maxBodyBytes: route.maxBodyBytes ?? BODY_LIMIT_BYTES,
});

/** Finds the route of a request by method and path. Unknown is unknown: nothing is forwarded by prefix. */
export class RouteTable {
  private readonly root = node();

  constructor(table: Readonly<Record<string, Route>> = routes) {
    for (const [operation, route] of Object.entries(table)) this.add(operation as OperationId, route);
  }

  /** `target` is the request target as received, with its query. */
  find(method: string, target: string): EdgeRoute | undefined {
    const query = target.indexOf('?');
    const end = query < 0 ? target.length : query;
    let at = this.root;
    let from = API_PREFIX.length + 1;
    if (!target.startsWith(`${API_PREFIX}/`) || from >= end) return undefined;
    while (from <= end) {
      const slash = target.indexOf('/', from);
      const to = slash < 0 || slash > end ? end : slash;
      const segment = target.slice(from, to);
      const next = at.literals.get(segment) ?? (isValue(segment) ? at.parameter : null);
      if (!next) return undefined;
      at = next;
      from = to + 1;
    }
    return at.methods.get(method) ?? (method === 'HEAD' ? bufferedOnly(at.methods.get('GET')) : undefined);
  }

  private add(operation: OperationId, route: Route): void {
    let at = this.root;
    for (const segment of route.path.split('/').slice(1)) {
      if (segment.startsWith(':')) {
        at = at.parameter ??= node();
      } else {
        const next = at.literals.get(segment) ?? node();
        at.literals.set(segment, next);
        at = next;
      }
    }
    at.methods.set(route.method, edgeRoute(operation, route));
  }
}

const isValue = (segment: string): boolean => segment !== '' && !DOT_SEGMENT.test(segment);
const bufferedOnly = (route: EdgeRoute | undefined): EdgeRoute | undefined =>
  route?.stream ? undefined : route;
