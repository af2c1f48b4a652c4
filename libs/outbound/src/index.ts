export * from './guarded-lookup.js';
export * from './outbound-policy.js';
