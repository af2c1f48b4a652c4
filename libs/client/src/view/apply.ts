import type { EventType, ParleyEvent } from '#contracts';
import { accountEvents } from './account-events.js';
import { channelEvents } from './channel-events.js';
import type { Handlers } from './handlers.js';
import { messageEvents } from './message-events.js';
import type { View } from './view.js';

/** Strict for the compiler: an event without a handler does not type-check. */
const handlers: Handlers<EventType> = { ...accountEvents, ...channelEvents, ...messageEvents };

/**
 * What is known after an event. Events carry the new state of what they are about, so one that comes twice
 * changes nothing, and of two about one thing the newer wins. What a newer server tells is passed over.
 */
export const applyEvent = (view: View, event: ParleyEvent): View => {
  const handle = (handlers as Partial<Record<string, (view: View, event: ParleyEvent) => View>>)[event.type];
  return handle ? handle(view, event) : view;
};
