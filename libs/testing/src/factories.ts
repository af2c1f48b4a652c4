import { randomUUID } from 'node:crypto';
import {
  eventSchemas,
  type Channel,
  type ChannelId,
  type ClientMessageId,
  type EventId,
  type EventOf,
  type EventType,
  type Message,
  type MessageId,
  type ParleyEvent,
  type SessionId,
  type ReadState,
  type User,
  type UserId,
  type Workspace,
  type WorkspaceId,
} from '#contracts';
import { uuidv7 } from '#core';

export const newId = {
  user: () => uuidv7() as UserId,
  session: () => uuidv7() as SessionId,
  workspace: () => uuidv7() as WorkspaceId,
  channel: () => uuidv7() as ChannelId,
  message: () => uuidv7() as MessageId,
  event: () => uuidv7() as EventId,
  clientMessage: () => randomUUID() as ClientMessageId,
};

const now = () => new Date().toISOString();

export const aUser = (fields: Partial<User> = {}): User => ({
  id: newId.user(),
  name: 'Ada',
  kind: 'user',
  ...fields,
});

export const aWorkspace = (fields: Partial<Workspace> = {}): Workspace => ({
  id: newId.workspace(),
  name: 'Demo',
  createdAt: now(),
  iconImageId: null,
  branding: null,
  whoMay: { createChannels: 'everyone', invite: 'everyone', mentionChannel: 'everyone' },
  retentionDays: null,
  allowedDomains: [],
  linkPreviews: true,
  version: 1,
  ...fields,
});

export const aChannel = (fields: Partial<Channel> = {}): Channel => ({
  id: newId.channel(),
  workspaceId: newId.workspace(),
  kind: 'public',
  name: 'general',
  topic: '',
  createdBy: newId.user(),
  createdAt: now(),
  archivedAt: null,
  description: '',
  isDefault: false,
  posting: 'everyone',
  slowModeSeconds: 0,
  version: 1,
  lastSeq: 0,
  lastOrdinal: 0,
  directUserIds: null,
  ...fields,
});

export const aMessage = (fields: Partial<Message> = {}): Message => ({
  id: newId.message(),
  workspaceId: newId.workspace(),
  channelId: newId.channel(),
  senderId: newId.user(),
  clientMessageId: newId.clientMessage(),
  text: 'hello',
  createdAt: now(),
  editedAt: null,
  deletedAt: null,
  version: 1,
  ordinal: fields.seq ?? 1,
  seq: 1,
  ...fields,
});

export const aReadState = (fields: Partial<ReadState> = {}): ReadState => ({
  lastReadSeq: 0,
  lastReadOrdinal: 0,
  cursorVersion: 1,
  movedAtSeq: 0,
  removedSeqs: [],
  mentionSeqs: [],
  ...fields,
});

type EventFields = Partial<Omit<ParleyEvent, 'type' | 'data'>>;

/** A valid event of any type; checked, so that a test can't work with one that never occurs. */
export const anEvent = <Type extends EventType>(
  type: Type,
  data: EventOf<Type>['data'],
  fields: EventFields = {},
): EventOf<Type> =>
  eventSchemas[type].parse({
    id: newId.event(),
    type,
    source: 'chat',
    time: now(),
    workspaceId: newId.workspace(),
    channelId: null,
    actorId: newId.user(),
    traceparent: null,
    data,
    seq: null,
    ...fields,
  }) as EventOf<Type>;

/** `message.created` about a message, addressed as chat would. */
export const aMessageCreated = (
  message: Message = aMessage(),
  fields: EventFields = {},
): EventOf<'message.created'> =>
  anEvent(
    'message.created',
    { message },
    {
      workspaceId: message.workspaceId,
      channelId: message.channelId,
      actorId: message.senderId,
      seq: message.seq,
      ...fields,
    },
  );
