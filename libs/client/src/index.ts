export { createApi, type Api, type ApiOptions, type OperationInput, type OperationOutput } from './api.js';
export { ApiProblem } from './api-problem.js';
export type { Fetch } from './authorized-fetch.js';
export type * from '#contracts';
export { newClientMessageId } from './client-message-id.js';
export type { ConnectionState } from './connection-state.js';
export type { Clock, Connectivity } from './environment.js';
export { EventStream, type EventStreamOptions } from './event-stream.js';
export { Outbox, type OutboxMessage, type OutboxOptions } from './outbox.js';
export { applyEvent } from './view/apply.js';
export type { ById, View } from './view/view.js';
export {
  localStorageAdapter,
  memoryStorage,
  readStored,
  type OutboxStorage,
  type StoredMessage,
} from './outbox-storage.js';
export type { Lock } from './lock.js';
export { memoryTokens, tokensOf, type Tokens, type TokenStore } from './tokens.js';
