export * from './folder-mailer.js';
export * from './mail.js';
export * from './mailer.js';
export * from './open-mailer.js';
export * from './smtp-mailer.js';
export * from './words.js';
