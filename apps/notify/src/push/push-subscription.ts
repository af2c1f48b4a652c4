import { createHash, ECDH } from 'node:crypto';
import type { PushContent, PushSubscription, PushSubscriptionId, SessionId, UserId } from '#contracts';

export type PushSubscriptionRow = {
  id: PushSubscriptionId;
  userId: UserId;
  sessionId: SessionId;
  endpoint: string;
  p256dh: string;
  auth: string;
  deviceName: string | null;
  content: PushContent;
  createdAt: Date;
};

/** What others than the push service may know of it: the endpoint is a secret that pushes can be sent with. */
export const presentPushSubscription = (row: PushSubscriptionRow): PushSubscription => ({
  id: row.id,
  sessionId: row.sessionId,
  deviceName: row.deviceName,
  service: new URL(row.endpoint).host,
  content: row.content,
  createdAt: row.createdAt.toISOString(),
});

/** Which endpoint it is, at a length that an index takes. */
export const endpointHash = (endpoint: string): Buffer => createHash('sha256').update(endpoint).digest();

/** Whether these 65 bytes are a point of P-256; nothing could be encrypted for another. */
export const isPoint = (p256dh: string): boolean => {
  try {
    ECDH.convertKey(Buffer.from(p256dh, 'base64url'), 'prime256v1');
    return true;
  } catch {
    return false;
  }
};
