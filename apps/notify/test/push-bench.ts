import { generateKeyPairSync } from 'node:crypto';
import type { PushSubscription, PushSubscriptions, SavePushSubscription } from '#contracts';
import { eventually, newId, startPostgresDatabase, type TestDatabase } from '#testing';
import { Storage } from '../src/engines/storage.js';
import { DeliveryDesk, type DeliveryRow } from './delivery-desk.js';
import { FakePushService } from './fake-push-service.js';
import { RunningNotify, World, type Person } from './running-notify.js';

const VAPID = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ format: 'jwk' })
  .d as string;
export type CallReply<T> = { status: number; body: T & { code?: string } };

/** A request of somebody to one process. */
export const call = async <T>(
  notify: RunningNotify,
  { token }: { token: string },
  route: string,
  body?: unknown,
): Promise<CallReply<T>> => {
  const [method, path] = route.split(' ') as [string, string];
  const reply = await fetch(`${notify.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return { status: reply.status, body: (text === '' ? null : JSON.parse(text)) as CallReply<T>['body'] };
};

/** Resolves when it is no longer pending. */
export const settled = (desk: DeliveryDesk, id: string): Promise<DeliveryRow> =>
  eventually(async () => {
    const row = await desk.row(id);
    if (row.state === 'pending') throw new Error('pending');
    return row;
  });

/** Resolves when it was tried in vain so often. */
export const tried = (desk: DeliveryDesk, id: string, attempts: number): Promise<DeliveryRow> =>
  eventually(async () => {
    const row = await desk.row(id);
    if (row.attempts < attempts || row.errorCode === null) throw new Error('not tried');
    return row;
  });

/** Notify on engines of its own, with a push service and the devices behind it. */
export class PushBench {
  readonly workspaceId = newId.workspace();
  private key = '';

  private constructor(
    readonly world: World,
    readonly postgres: TestDatabase,
    readonly desk: DeliveryDesk,
  ) {}

  service!: FakePushService;
  notify!: RunningNotify;

  static async open(): Promise<PushBench> {
    const [world, postgres] = await Promise.all([
      World.start(),
      startPostgresDatabase({ migrations: 'notify' }),
    ]);
    const bench = new PushBench(world, postgres, await DeliveryDesk.open(world, postgres.url));
    bench.service = await FakePushService.start(() => bench.key);
    bench.notify = await bench.start();
    const anyone = await bench.person();
    bench.key = (await call<{ publicKey: string }>(bench.notify, anyone, 'GET /push/key')).body.publicKey;
    return bench;
  }

  async start(env: Record<string, string> = {}): Promise<RunningNotify> {
    const running = await RunningNotify.start(this.world, {
      POSTGRES_URL: this.postgres.url,
      PUBLIC_URL: 'https://chat.example',
      VAPID_PRIVATE_KEY: VAPID,
      ...this.service.env,
      ...env,
    });
    await running.app.get(Storage).ready;
    return running;
  }

  async close(): Promise<void> {
    await this.notify.stop();
    await this.service.stop();
    await this.desk.close();
    await this.world.stop();
    await this.postgres.drop();
  }

  person(): Promise<Person> {
    return this.world.member(this.workspaceId);
  }

  save(person: Person, body: Partial<SavePushSubscription>) {
    return call<PushSubscription>(this.notify, person, 'POST /push-subscriptions', body);
  }

  async list(person: Person): Promise<PushSubscriptions> {
    return (await call<PushSubscriptions>(this.notify, person, 'GET /push-subscriptions')).body;
  }

  /** Somebody with one device. */
  async subscribed(fields: Partial<SavePushSubscription> = {}) {
    const person = await this.person();
    const device = this.service.subscribe(fields);
    const { status } = await this.save(person, device.body);
    if (status !== 201) throw new Error(`could not subscribe: ${status}`);
    return { person, device };
  }
}
