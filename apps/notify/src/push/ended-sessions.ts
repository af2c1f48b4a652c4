import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { RpcClient, type Bus } from '#bus';
import { LiveSessionsReply, rpcSubjects, type SessionId } from '#contracts';
import { LOGGER, RevocationList, type Logger } from '#platform';
import { Storage } from '../engines/storage.js';
import { BUS } from '../engines/tokens.js';
import { PushSubscriptionsService } from './push-subscriptions.service.js';

const EVERY_MS = 3600_000;
const AGAIN_MS = 10_000;

/**
 * Ends pushes with the session that asked for them: at once where we hear of it, and at the start and every hour
 * for those that ended unheard or expired. Deleting an account ends all of its sessions.
 */
@Injectable()
export class EndedSessions implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private readonly rpc: RpcClient;

  constructor(
    @Inject(BUS) bus: Bus,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly revocations: RevocationList,
    private readonly storage: Storage,
    private readonly subscriptions: PushSubscriptionsService,
  ) {
    this.rpc = new RpcClient(bus.nats);
  }

  onApplicationBootstrap(): void {
    this.revocations.onRevoked((sessionId) => {
      this.subscriptions.endSession(sessionId as SessionId).catch((err: unknown) => {
        this.logger.warn({ err, sessionId }, 'pushes of an ended session are left to the next look');
      });
    });
    void this.storage.ready.then(() => this.keepLooking());
  }

  onModuleDestroy(): void {
    this.stopping.abort();
  }

  private async keepLooking(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      let pauseMs = EVERY_MS;
      try {
        await this.look();
      } catch (err) {
        this.logger.warn({ err: (err as Error).message }, 'could not ask which sessions have ended');
        pauseMs = AGAIN_MS;
      }
      await delay(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Of all sessions that get pushes. */
  private async look(): Promise<void> {
    for await (const sessionIds of this.subscriptions.sessions()) {
      const reply = await this.rpc.request(rpcSubjects.liveSessions, { sessionIds });
      const live = new Set(LiveSessionsReply.parse(reply).sessionIds);
      for (const id of sessionIds) if (!live.has(id)) await this.subscriptions.endSession(id);
    }
  }
}
