import 'reflect-metadata';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import {
  Body,
  Controller,
  ForbiddenException,
  Inject,
  Injectable,
  Module,
  Param,
  ParseUUIDPipe,
  Post,
  Req,
  UnauthorizedException,
  UseGuards,
  UseInterceptors,
  ValidationPipe,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { IsNotEmpty, IsString, IsUUID, MaxLength } from 'class-validator';
import { jwtVerify } from 'jose';
import { randomUUID } from 'node:crypto';
import { map, type Observable } from 'rxjs';
import { DataSource } from 'typeorm';
import { announce, readSettings } from '../settings.ts';
import { MemberEntity, MessageEntity, OutboxEntity } from './message.entity.ts';

const settings = readSettings();
const secret = Buffer.from(process.env.JWT_SECRET ?? '');

class SendMessageDto {
  @IsUUID()
  clientMessageId!: string;

  @IsString()
  @IsNotEmpty()
  @MaxLength(65_536)
  text!: string;
}

interface Authenticated {
  headers: { authorization?: string };
  userId: string;
}

@Injectable()
class AuthGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Authenticated>();
    try {
      const { payload } = await jwtVerify(request.headers.authorization?.slice(7) ?? '', secret);
      request.userId = payload.sub ?? '';
      return true;
    } catch {
      throw new UnauthorizedException();
    }
  }
}

@Injectable()
class PresentInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler<MessageEntity>): Observable<unknown> {
    return next.handle().pipe(map((message) => ({ ...message, seq: Number(message.seq) })));
  }
}

@Injectable()
class MessagesService {
  readonly #database: DataSource;

  constructor(@Inject(DataSource) database: DataSource) {
    this.#database = database;
  }

  send(channelId: string, senderId: string, dto: SendMessageDto): Promise<MessageEntity> {
    return this.#database.transaction(async (manager) => {
      const member = await manager.findOneBy(MemberEntity, { channelId, userId: senderId });
      if (member === null) throw new ForbiddenException();
      const message = manager.create(MessageEntity, { channelId, senderId, ...dto });
      await manager.save(message);
      const event = {
        id: randomUUID(),
        type: 'message.created',
        source: 'naive',
        time: message.createdAt,
        workspaceId: settings.workspaceId,
        channelId,
        seq: Number(message.seq),
        actorId: senderId,
        data: message,
      };
      await manager.save(manager.create(OutboxEntity, { event }));
      return message;
    });
  }
}

@Controller('channels')
@UseGuards(AuthGuard)
@UseInterceptors(PresentInterceptor)
class MessagesController {
  readonly #messages: MessagesService;

  constructor(@Inject(MessagesService) messages: MessagesService) {
    this.#messages = messages;
  }

  @Post(':channelId/messages')
  send(
    @Param('channelId', ParseUUIDPipe) channelId: string,
    @Body() dto: SendMessageDto,
    @Req() request: Authenticated,
  ): Promise<MessageEntity> {
    return this.#messages.send(channelId, request.userId, dto);
  }
}

/** The textbook relay: every 100 ms the oldest rows are published and deleted. */
@Injectable()
class OutboxRelay implements OnApplicationBootstrap {
  readonly #database: DataSource;

  constructor(@Inject(DataSource) database: DataSource) {
    this.#database = database;
  }

  async onApplicationBootstrap(): Promise<void> {
    const stream = jetstream(await connect({ servers: settings.natsUrl }));
    const outbox = this.#database.getRepository(OutboxEntity);
    let busy = false;
    const relay = async (): Promise<void> => {
      if (busy) return;
      busy = true;
      try {
        const rows = await outbox.find({ order: { id: 'ASC' }, take: 500 });
        await Promise.all(
          rows.map(({ event }) =>
            stream.publish(settings.subject, JSON.stringify(event), { msgID: String(event.id) }),
          ),
        );
        if (rows.length > 0) await outbox.delete(rows.map(({ id }) => id));
      } finally {
        busy = false;
      }
    };
    setInterval(() => void relay(), 100);
  }
}

@Module({
  controllers: [MessagesController],
  providers: [
    MessagesService,
    OutboxRelay,
    {
      provide: DataSource,
      useFactory: () =>
        new DataSource({
          type: 'postgres',
          url: settings.postgresUrl,
          entities: [MemberEntity, MessageEntity, OutboxEntity],
          poolSize: 20,
        }).initialize(),
    },
  ],
})
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }));
await app.listen(0, '127.0.0.1');
announce(Number(new URL(await app.getUrl()).port));
