export * from './clock.js';
export * from './domain-error.js';
export * from './micro-batcher.js';
export * from './page-cursor.js';
export * from './uuid.js';
