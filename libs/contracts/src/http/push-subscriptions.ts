import { z } from 'zod';
import { PushSubscriptionId, SessionId, Timestamp } from '../ids.js';
import { Label } from '../text.js';

export const MAX_PUSH_SUBSCRIPTIONS = 20;

/** What browsers need to subscribe (`applicationServerKey`). */
export const PushKey = z.object({
  /** A P-256 point, base64url; null while this server does not push. */
  publicKey: z.string().nullable(),
});
export type PushKey = z.infer<typeof PushKey>;

/**
 * What a push says: sender, place and the beginning of the text, or only that there is something. Either is
 * encrypted for the device; `minimal` is for screens that others see.
 */
export const PushContent = z.enum(['full', 'minimal']);
export type PushContent = z.infer<typeof PushContent>;

const bytes = (characters: number) =>
  z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${characters}}=*$`), 'expects base64url');

/** As `PushSubscription.toJSON()` of a browser has it, and what we want to know besides. */
export const SavePushSubscription = z.strictObject({
  endpoint: z.url({ protocol: /^https$/, error: 'expects an https URL' }).max(2048),
  keys: z.strictObject({
    /** The device's P-256 point. */
    p256dh: bytes(87),
    /** 16 bytes. */
    auth: bytes(22),
  }),
  /** Browsers give it; nobody needs it. */
  expirationTime: z.number().nullable().optional(),
  deviceName: Label.min(1).max(80).optional(),
  content: PushContent.default('full'),
});
export type SavePushSubscription = z.infer<typeof SavePushSubscription>;

export const PushSubscription = z.object({
  id: PushSubscriptionId,
  /** The session it lives with. */
  sessionId: SessionId,
  deviceName: z.string().nullable(),
  /** Host of the push service. */
  service: z.string(),
  content: PushContent,
  createdAt: Timestamp,
});
export type PushSubscription = z.infer<typeof PushSubscription>;

export const PushSubscriptions = z.object({
  pushSubscriptions: z.array(PushSubscription),
  /** +1 with each change; 0 before the first. The higher one is newer. */
  version: z.int().min(0),
});
export type PushSubscriptions = z.infer<typeof PushSubscriptions>;
