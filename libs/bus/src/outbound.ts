import { eventSubject, partitionOf, type EventScope, type ParleyEvent } from '#contracts';

/** An event on its way out: what the outbox stores and the relay publishes. */
export type OutboundEvent = { id: string; subject: string; payload: string };

/** Who may see an event, and by whose id it is addressed. */
export type Audience = { scope: EventScope; id: string };

/** Addresses and serialises an event; once, because the payload travels as it is up to the browser. */
export const outbound = (event: ParleyEvent, audience: Audience, partitions: number): OutboundEvent => {
  const workspace = event.workspaceId ?? '_';
  const partition = partitionOf(workspace, partitions);
  return {
    id: event.id,
    subject: eventSubject({ partition, workspace, ...audience, type: event.type }),
    payload: JSON.stringify(event),
  };
};
