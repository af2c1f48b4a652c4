/** Injection token of the `PushGateway`; null while this server does not push. */
export const PUSH_GATEWAY = Symbol('push gateway');
