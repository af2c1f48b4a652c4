import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import webPush, { type RequestDetails } from 'web-push';
import type { Clock } from '#core';
import { guardedLookup, OutboundRefused, type OutboundPolicy } from '#outbound';
import { replyOf, type PushReply } from './push-reply.js';
import type { Vapid } from './vapid.js';

const TIMEOUT_MS = 10_000;

/** A device, and the keys that only it can decrypt with. */
export type PushTarget = { endpoint: string; p256dh: string; auth: string };
export type Treatment = { ttl: number; urgency: 'normal' | 'high'; topic: string };

/**
 * Hands pushes to the services of browsers (RFC 8030), encrypted for the device (RFC 8291) and signed by this
 * server (RFC 8292). Endpoints are written by clients, so each connection is held to the policy, and of a reply
 * only the head is read.
 */
export class PushGateway {
  private readonly agent: Agent;

  constructor(
    private readonly vapid: Vapid,
    private readonly policy: OutboundPolicy,
    private readonly clock: Clock,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: 32, lookup: guardedLookup(policy) });
  }

  get publicKey(): string {
    return this.vapid.publicKey;
  }

  /** Whether pushes may go there, as far as the address itself says it. */
  mayReach(endpoint: string): boolean {
    const url = new URL(endpoint);
    return url.protocol === 'https:' && this.policy.allowsUrl(url) && this.policy.allowsHost(url);
  }

  /** Never rejects: what went wrong is a reply too. */
  async send(
    target: PushTarget,
    payload: string,
    treatment: Treatment,
    signal: AbortSignal,
  ): Promise<PushReply> {
    if (!this.mayReach(target.endpoint)) return { kind: 'refused', errorCode: 'endpoint_refused' };
    let details: RequestDetails;
    try {
      details = this.sealed(target, payload, treatment);
    } catch {
      return { kind: 'refused', errorCode: 'keys_unusable' };
    }
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
      const { statusCode = 0, headers } = await this.post(details, limit);
      return replyOf(statusCode, headers['retry-after'], this.clock.now());
    } catch (error) {
      if (error instanceof OutboundRefused) return { kind: 'refused', errorCode: 'endpoint_refused' };
      const errorCode = (error as Error).name === 'AbortError' ? 'timeout' : 'network';
      return { kind: 'later', errorCode, retryAfterMs: null };
    }
  }

  close(): void {
    this.agent.destroy();
  }

  private sealed({ endpoint, ...keys }: PushTarget, payload: string, treatment: Treatment): RequestDetails {
    const { ttl: TTL, urgency, topic } = treatment;
    const { vapid: vapidDetails } = this;
    const options = { vapidDetails, TTL, urgency, topic, contentEncoding: 'aes128gcm' as const };
    return webPush.generateRequestDetails({ endpoint, keys }, payload, options);
  }

  private post({ endpoint, headers, body }: RequestDetails, signal: AbortSignal): Promise<IncomingMessage> {
    const options = { method: 'POST', headers, agent: this.agent, signal, maxHeaderSize: 16 * 1024 };
    return new Promise((resolve, reject) => {
      request(endpoint, options, (reply) => {
        // Whoever tells us a story in the body is not listened to; the connection ends with it.
        if (reply.headers['content-length'] === '0' || reply.statusCode === 204) reply.resume();
        else reply.destroy();
        resolve(reply);
      })
        .once('error', reject)
        .end(body);
    });
  }
}
