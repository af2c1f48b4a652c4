import 'reflect-metadata';
import {
  Controller,
  Headers,
  Inject,
  Injectable,
  Module,
  Sse,
  UnauthorizedException,
  type MessageEvent,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { jwtVerify } from 'jose';
import { concat, defer, filter, from, map, mergeMap, Subject, type Observable } from 'rxjs';
import { DataSource } from 'typeorm';
import { followStream } from '../events.ts';
import { announce, readSettings } from '../settings.ts';
import { MemberEntity, MessageEntity } from './message.entity.ts';

const settings = readSettings();
const secret = Buffer.from(process.env.JWT_SECRET ?? '');

interface MessageCreated {
  readonly type: string;
  readonly channelId: string;
  readonly seq: number;
  readonly data: unknown;
}

@Injectable()
class EventsService {
  readonly #events = new Subject<MessageCreated>();
  readonly #database: DataSource;

  constructor(@Inject(DataSource) database: DataSource) {
    this.#database = database;
  }

  async onApplicationBootstrap(): Promise<void> {
    await followStream(settings.natsUrl, settings.stream, (_seq, payload) => {
      this.#events.next(JSON.parse(Buffer.from(payload).toString()) as MessageCreated);
    });
  }

  async channelsOf(userId: string): Promise<Set<string>> {
    const members = await this.#database.getRepository(MemberEntity).findBy({ userId });
    return new Set(members.map(({ channelId }) => channelId));
  }

  live(channels: ReadonlySet<string>): Observable<MessageCreated> {
    return this.#events.pipe(filter(({ channelId }) => channels.has(channelId)));
  }

  /** Everything after the given sequence number, read from the database by each client that comes back. */
  async missed(channels: ReadonlySet<string>, after: number): Promise<MessageCreated[]> {
    const messages = await this.#database
      .getRepository(MessageEntity)
      .createQueryBuilder('message')
      .where('message.channel_id IN (:...channels) AND message.seq > :after', {
        channels: [...channels],
        after,
      })
      .orderBy('message.seq')
      .getMany();
    return messages.map((data) => ({
      type: 'message.created',
      channelId: data.channelId,
      seq: Number(data.seq),
      data,
    }));
  }
}

@Controller()
class EventsController {
  readonly #events: EventsService;

  constructor(@Inject(EventsService) events: EventsService) {
    this.#events = events;
  }

  @Sse('events')
  async stream(
    @Headers('authorization') authorization?: string,
    @Headers('last-event-id') lastEventId?: string,
  ): Promise<Observable<MessageEvent>> {
    const { payload } = await jwtVerify(authorization?.slice(7) ?? '', secret).catch(() => {
      throw new UnauthorizedException();
    });
    const channels = await this.#events.channelsOf(payload.sub ?? '');
    const live = this.#events.live(channels);
    const missed = defer(() => this.#events.missed(channels, Number(lastEventId))).pipe(
      mergeMap((list) => from(list)),
    );
    const ready = from([{ type: 'stream.ready', channelId: '', seq: 0, data: null }]);
    const all = lastEventId === undefined ? concat(ready, live) : concat(ready, missed, live);
    return all.pipe(map((event): MessageEvent => ({ id: String(event.seq), type: event.type, data: event })));
  }
}

@Module({
  controllers: [EventsController],
  providers: [
    EventsService,
    {
      provide: DataSource,
      useFactory: () =>
        new DataSource({
          type: 'postgres',
          url: settings.postgresUrl,
          entities: [MemberEntity, MessageEntity],
        }).initialize(),
    },
  ],
})
class NotifyModule {}

const app = await NestFactory.create(NotifyModule, { logger: ['error', 'warn'] });
await app.listen(0, '127.0.0.1');
announce(Number(new URL(await app.getUrl()).port));
