import { RpcClient, type Bus } from '#bus';
import { rpcSubjects, type DoNotDisturb, type DoNotDisturbReply, type UserId } from '#contracts';
import { MicroBatcher } from '#core';

const SUBJECTS = ['preferences.updated', 'me.updated'].map((type) => `evt.v1.*._.user.*.${type}`);
/** One of the processes takes each. */
const QUEUE = 'notify-presence';
const MAX_BATCH = 500;

/** When people want to be left alone, as chat knows it. */
export class QuietWishes {
  private readonly batcher: MicroBatcher<UserId, DoNotDisturb | null>;

  constructor(private readonly bus: Bus) {
    const rpc = new RpcClient(bus.nats);
    const ask = async (userIds: UserId[]) =>
      (await rpc.request<DoNotDisturbReply>(rpcSubjects.doNotDisturb, { userIds })).people;
    this.batcher = new MicroBatcher(ask, { maxBatch: MAX_BATCH, maxQueue: 50_000 });
  }

  /** Null for whom there is no account. Rejects when chat doesn't answer. */
  of(userId: UserId): Promise<DoNotDisturb | null> {
    return this.batcher.submit(userId);
  }

  /** Calls for everyone whose wish, or time zone, may have changed; each on one of the processes. */
  follow(changed: (userId: UserId) => void): void {
    for (const subject of SUBJECTS)
      this.bus.nats.subscribe(subject, {
        queue: QUEUE,
        callback: (error, message) => {
          if (!error) changed(message.subject.split('.')[5] as UserId);
        },
      });
  }
}
