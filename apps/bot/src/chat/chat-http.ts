import { API_PREFIX } from '#contracts';
import { RetryLater } from '#bus';
import { currentTraceparent } from '#platform';

const TIMEOUT_MS = 5000;
const MAX_RETRY_AFTER_S = 60;

/** The wait that a reply asks for, ms. */
const retryAfter = (reply: Response): number | undefined => {
  const seconds = Number(reply.headers.get('retry-after') ?? Number.NaN);
  return seconds > 0 ? Math.min(seconds, MAX_RETRY_AFTER_S) * 1000 : undefined;
};

/** Calls to chat's HTTP API. What is worth another try (no answer, 429, 5xx) is thrown as `RetryLater`. */
export class ChatHttp {
  constructor(private readonly url: string) {}

  async post(path: string, body: unknown, accessToken?: string): Promise<Response> {
    const traceparent = currentTraceparent();
    return this.call(`${API_PREFIX}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}),
        ...(traceparent ? { traceparent } : {}),
      },
      body: JSON.stringify(body),
    });
  }

  /** Rejects unless chat answers. */
  async probe(): Promise<void> {
    await this.call('/health/live', {});
  }

  private async call(path: string, init: RequestInit): Promise<Response> {
    let reply: Response;
    let text: string;
    try {
      reply = await fetch(this.url + path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
      // Read here, so that a reply that breaks off is a failed call and the connection is free again.
      text = await reply.text();
    } catch (cause) {
      throw new RetryLater(`chat does not answer: ${(cause as Error).message}`, undefined, { cause });
    }
    if (reply.status === 429 || reply.status >= 500)
      throw new RetryLater(`chat answers ${reply.status}`, retryAfter(reply));
    const empty = reply.status === 204 || reply.status === 205 || reply.status === 304;
    return new Response(empty ? null : text, { status: reply.status, headers: reply.headers });
  }
}
