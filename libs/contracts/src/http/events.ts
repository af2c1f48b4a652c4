import { z } from 'zod';
import { ephemeralSchemas } from '../events/ephemeral-event.js';
import { eventTypes } from '../events/parley-event.js';
import { ChannelId, DeviceId, StreamCursor, Timestamp } from '../ids.js';

const MAX_PATTERNS = 100;
const MAX_CHANNELS = 100;
const PATTERN = /^[a-z_]+(?:\.[a-z_]+)*(?:\.\*)?$/;

/** The parts of a list that a query has as one text. */
export const listed = (text: string): string[] => text.split(',');

/** Whether a type is one that the pattern means: `reaction.added` is `reaction.added` and `reaction.*`. */
export const matchesEventPattern = (type: string, pattern: string): boolean =>
  pattern.endsWith('.*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;

const types: readonly string[] = [...eventTypes, ...Object.keys(ephemeralSchemas)];
const means = (pattern: string): boolean =>
  PATTERN.test(pattern) && types.some((type) => matchesEventPattern(type, pattern));
const strange = (text: string): string[] => listed(text).filter((pattern) => !means(pattern));

/** Which events a program wants: types, or families of them, with commas: `message.created,reaction.*`. */
export const EventPatterns = z
  .string()
  .max(4000)
  .refine((text) => listed(text).length <= MAX_PATTERNS, { error: `at most ${MAX_PATTERNS} types` })
  .refine((text) => strange(text).length === 0, {
    error: ({ input }) => `no event has the type ${strange(String(input)).join(', ').slice(0, 200)}`,
  });

/** Channel ids with commas. Events of other channels, or of none, are left out. */
export const EventChannels = z
  .string()
  .max(4000)
  .refine((text) => listed(text).length <= MAX_CHANNELS, { error: `at most ${MAX_CHANNELS} channels` })
  .refine((text) => listed(text).every((id) => ChannelId.safeParse(id).success), {
    error: 'expects channel ids with commas',
  });

/** Both narrow what one hears; neither adds anything to it. */
const wishes = { types: EventPatterns.optional(), channels: EventChannels.optional() };

/** Opens one stream, for those who can set neither cookie nor header. */
export const StreamTicket = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const EventsQuery = z.strictObject({
  after: StreamCursor.optional(),
  ticket: StreamTicket.optional(),
  /** Ties the stream to a device: it is there for as long as the stream is open (presence). */
  deviceId: DeviceId.optional(),
  ...wishes,
});
export type EventsQuery = z.infer<typeof EventsQuery>;

export const CreatedStreamTicket = z.object({ ticket: StreamTicket, expiresAt: Timestamp });
export type CreatedStreamTicket = z.infer<typeof CreatedStreamTicket>;

export const EventLogQuery = z.strictObject({
  /** Without it the page is empty, and its `nextCursor` the present. */
  after: StreamCursor.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  ...wishes,
});
export type EventLogQuery = z.infer<typeof EventLogQuery>;

/** As the stream has it; docs/events.md has all types. */
export const LoggedEvent = z.object({
  /** The cursor just after this event. */
  id: StreamCursor,
  type: z.string(),
  event: z.looseObject({ id: z.string(), type: z.string() }),
});

/** It is the present that it ends at, not the end of a list, so there is always a cursor to go on from. */
export const EventLogPage = z.object({
  data: z.array(LoggedEvent),
  nextCursor: StreamCursor,
  /** There is more to be had at once. */
  more: z.boolean(),
});
export type EventLogPage = z.infer<typeof EventLogPage>;
