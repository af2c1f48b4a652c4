import { createHash } from 'node:crypto';
import type { Notice, PushContent } from '#contracts';
import type { ClaimedDelivery } from '../notifications/delivery.js';

/** The largest body that every push service takes is 4,096 bytes, and encryption adds 103 to what it hides. */
const MAX_BYTES = 4096 - 103;
/** The service that carries a push learns its size in steps of this only. */
const STEP_BYTES = 256;
const DAY_SECONDS = 24 * 3600;

export type About = Pick<
  ClaimedDelivery,
  'notificationId' | 'workspaceId' | 'channelId' | 'messageId' | 'threadId' | 'reason'
>;

/** What the service worker of the device gets, decrypted. */
export type PushPayload = {
  type: 'notification';
  content: PushContent;
  notificationId: string;
  workspaceId: string;
  channelId: string;
  messageId: string;
  threadId: string | null;
  /** From here on: absent from minimal ones. */
  reason?: About['reason'];
  workspaceName?: string;
  channelName?: string | null;
  senderName?: string;
  text?: string;
};

const bytesOf = (text: string): number => Buffer.byteLength(text);

/** Spaces behind JSON mean nothing to who reads it. */
const padded = (json: string): string => {
  const bytes = bytesOf(json);
  const wanted = Math.min(MAX_BYTES, Math.ceil(bytes / STEP_BYTES) * STEP_BYTES);
  return json + ' '.repeat(wanted - bytes);
};

/**
 * What is sent, and what is sent in its place while the service finds it too large: with the words of the
 * message, without them, and with nothing but where it is.
 */
export const payloadsOf = (about: About, notice: Notice, content: PushContent): string[] => {
  const { notificationId, workspaceId, channelId, messageId, threadId, reason } = about;
  const ids = { notificationId, workspaceId, channelId, messageId, threadId };
  const { preview: text, ...names } = notice;
  const minimal: PushPayload = { type: 'notification', content: 'minimal', ...ids };
  const silent: PushPayload = { type: 'notification', content: 'full', ...ids, reason, ...names };
  const payloads = content === 'minimal' ? [minimal] : [{ ...silent, text }, silent, minimal];
  return payloads
    .map((payload) => JSON.stringify(payload))
    .filter((json) => bytesOf(json) <= MAX_BYTES)
    .map(padded);
};

/**
 * How the push service treats it. The topic lets a device that was away get the newest push of a conversation
 * only; it is hashed per subscription, so that services can't tell who is in one conversation.
 */
export const treatmentOf = ({ channelId, threadId, reason }: About, subscriptionId: string) => ({
  ttl: DAY_SECONDS,
  urgency: reason === 'direct' || reason === 'mention' ? ('high' as const) : ('normal' as const),
  topic: createHash('sha256')
    .update(`${subscriptionId} ${threadId ?? channelId}`)
    .digest('base64url')
    .slice(0, 32),
});
