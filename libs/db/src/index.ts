export * from './database-unavailable.js';
export * from './database.js';
export * from './migrations.js';
export * from './outbox.js';
export * from './tx.js';
