/** Injection tokens of the connections. */
export const BUS = Symbol('bus');
export const REDIS = Symbol('redis');
