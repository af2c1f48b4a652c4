import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { importJWK, jwtVerify } from 'jose';
import type { SavePushSubscription } from '#contracts';
import type { PushPayload } from '../src/push/push-payload.js';
import { selfSigned } from './certificate.js';
import { Device } from './push-encryption.js';

export type Received = {
  payload: PushPayload;
  bytes: number;
  topic: string | undefined;
  urgency: string | undefined;
  ttl: number;
  subject: string | undefined;
};
type Answer = { status: number; headers?: OutgoingHttpHeaders };
type Subscriber = {
  device: Device;
  received: Received[];
  answer: (bytes: number) => Answer | Promise<Answer>;
};

/** RFC 8292: who sends is known by a token for this origin, signed with the key the browser subscribed with. */
const senderOf = async (headers: IncomingHttpHeaders, origin: string, publicKey: string): Promise<string> => {
  const [, token = '', key = ''] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(headers.authorization ?? '') ?? [];
  if (key !== publicKey) throw new Error('signed by a key nobody subscribed with');
  const point = Buffer.from(key, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString('base64url'));
  const jwk = await importJWK({ kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' }, 'ES256');
  const { payload } = await jwtVerify(token, jwk, { audience: origin, maxTokenAge: undefined as never });
  const left = (payload.exp ?? 0) - Date.now() / 1000;
  if (left <= 0 || left > 24 * 3600) throw new Error('valid for too long');
  return payload.sub ?? '';
};

/** The push service of a browser vendor, with the devices behind it: takes what RFC 8030, 8291 and 8292 want. */
export class FakePushService {
  private readonly subscribers = new Map<string, Subscriber>();
  /** What no device could read, or no service would take. */
  readonly refused: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly port: number,
    private readonly publicKey: () => string,
  ) {}

  static async start(publicKey: () => string): Promise<FakePushService> {
    const certificate = selfSigned();
    // For this process and its connections to come; it is the test's own.
    setDefaultCACertificates([...getCACertificates('default'), certificate.cert]);
    const server = createServer(certificate);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const service = new FakePushService(server, (server.address() as AddressInfo).port, publicKey);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const path = request.url ?? '';
        void service.take(path, request.headers, Buffer.concat(chunks)).then(({ status, headers = {} }) => {
          response.writeHead(status, { 'content-length': '0', ...headers }).end();
        });
      });
    });
    return service;
  }

  /** What notify must be told to be let through to here. */
  get env(): Record<string, string> {
    return { PUSH_PORTS: String(this.port), PUSH_NETWORKS: '127.0.0.1/32' };
  }

  /** A device subscribes. */
  subscribe(fields: Partial<SavePushSubscription> = {}) {
    const path = `/push/${randomUUID()}`;
    const device = Device.make();
    const subscriber: Subscriber = { device, received: [], answer: () => ({ status: 201 }) };
    this.subscribers.set(path, subscriber);
    const body = { endpoint: `https://127.0.0.1:${this.port}${path}`, keys: device.keys, ...fields };
    return Object.assign(subscriber, { body });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(path: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Answer> {
    const subscriber = this.subscribers.get(path);
    if (!subscriber) return { status: 404 };
    const answer = await subscriber.answer(body.length);
    if (answer.status !== 201) return answer;
    try {
      const subject = await senderOf(headers, `https://127.0.0.1:${this.port}`, this.publicKey());
      if (headers['content-encoding'] !== 'aes128gcm') throw new Error('in another encoding');
      if (body.length > 4096) throw new Error('larger than services must take');
      const [topic, urgency] = [headers['topic'], headers['urgency']].map((value) => value?.toString());
      subscriber.received.push({
        payload: JSON.parse(subscriber.device.decrypt(body)) as PushPayload,
        bytes: body.length,
        topic,
        urgency,
        ttl: Number(headers['ttl']),
        subject,
      });
      return answer;
    } catch (error) {
      this.refused.push((error as Error).message);
      return { status: 400 };
    }
  }
}
