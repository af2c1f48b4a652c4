import type { OperationId } from '../src/index.js';
import { exampleClientMessageId as clientMessageId, exampleId, exampleTime as at } from './example-ids.js';
import { channelsExamples } from './examples/channels.js';
import { activityExamples } from './examples/activity.js';
import { draftsExamples } from './examples/drafts.js';
import { accountsExamples } from './examples/accounts.js';
import { pollsExamples } from './examples/polls.js';
import { reactionsExamples } from './examples/reactions.js';
import { workspacesExamples } from './examples/workspaces.js';
import { eventsExamples } from './examples/events.js';
import { groupsExamples } from './examples/groups.js';
import { emojiExamples } from './examples/emoji.js';
import { imagesExamples } from './examples/images.js';
import { accessTokensExamples } from './examples/access-tokens.js';
import { emailUnsubscriptionsExamples } from './examples/email-unsubscriptions.js';
import { pushSubscriptionsExamples } from './examples/push-subscriptions.js';
import { passkeysExamples } from './examples/passkeys.js';
import { readStateExamples } from './examples/read-state.js';
import { threadsExamples } from './examples/threads.js';
import { remindersExamples } from './examples/reminders.js';
import { twoFactorExamples } from './examples/two-factor.js';
import { scheduledMessagesExamples } from './examples/scheduled-messages.js';
import { presenceExamples } from './examples/presence.js';
import { typingExamples } from './examples/typing.js';
import { notificationsExamples } from './examples/notifications.js';
import { jobsExamples } from './examples/jobs.js';

const user = exampleId('User');
const workspace = exampleId('Workspace');
const channel = exampleId('Channel');

const me = {
  id: user,
  name: 'Ada',
  kind: 'user',
  email: 'ada@example.org',
  emailVerified: true,
  createdAt: at,
};
const auth = { user: me, sessionId: exampleId('Session'), expiresIn: 600 };
const message = {
  id: exampleId('Message'),
  workspaceId: workspace,
  channelId: channel,
  senderId: user,
  clientMessageId,
  text: 'Good morning',
  createdAt: at,
  editedAt: null,
  deletedAt: null,
  version: 1,
  ordinal: 42,
  seq: 42,
};
const readState = {
  lastReadSeq: 40,
  lastReadOrdinal: 40,
  cursorVersion: 3,
  movedAtSeq: 40,
  removedSeqs: [],
  mentionSeqs: [41],
};
const myChannel = {
  channel: {
    id: channel,
    workspaceId: workspace,
    kind: 'public',
    name: 'general',
    topic: 'Everything and nothing',
    createdBy: user,
    createdAt: at,
    archivedAt: null,
    description: 'What does not belong anywhere else',
    isDefault: true,
    posting: 'everyone',
    slowModeSeconds: 0,
    version: 1,
    lastSeq: 42,
    lastOrdinal: 42,
    directUserIds: null,
  },
  role: 'admin',
  roleVersion: 1,
  preferences: { muted: false, favourite: false, level: 'default', hiddenSince: null, version: 0 },
  ...readState,
};

/** `params` and `query` by the name of the parameter. */
export type OperationExamples = {
  body?: unknown;
  response?: unknown;
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
};

/**
 * Shown in the API documentation, where what `exampleOf` makes of the schema would not be telling or valid.
 * A spec holds all examples to their schemas.
 */
export const examples: Partial<Record<OperationId, OperationExamples>> = {
  ...accountsExamples,
  ...imagesExamples,
  ...channelsExamples,
  ...draftsExamples,
  ...accessTokensExamples,
  ...passkeysExamples,
  ...pushSubscriptionsExamples,
  ...emailUnsubscriptionsExamples,
  ...twoFactorExamples,
  ...emojiExamples,
  ...eventsExamples,
  ...groupsExamples,
  ...reactionsExamples,
  ...scheduledMessagesExamples,
  ...readStateExamples,
  ...activityExamples,
  ...threadsExamples,
  ...remindersExamples,
  ...jobsExamples,
  ...notificationsExamples,
  ...typingExamples,
  ...presenceExamples,
  ...workspacesExamples,
  ...pollsExamples,
  register: {
    body: { email: 'ada@example.org', name: 'Ada', password: 'correct horse battery', transport: 'cookie' },
    response: auth,
  },
  login: {
    body: { email: 'ada@example.org', password: 'correct horse battery', transport: 'cookie' },
    response: auth,
  },
  getJwks: {
    response: {
      keys: [
        {
          kty: 'OKP',
          crv: 'Ed25519',
          alg: 'EdDSA',
          use: 'sig',
          kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
          x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
        },
      ],
    },
  },
  getMe: { response: me },
  listMessages: {
    query: { before: 43 },
    response: { data: [message], nextCursor: '42' },
  },
  createChannel: {
    body: { name: 'general', kind: 'public', topic: 'Everything and nothing' },
    response: myChannel,
  },
  openDirect: { body: { userIds: ['019bc0a1-7c00-7a10-8000-00000000a002'] } },
  addChannelMember: { body: { userId: '019bc0a1-7c00-7a10-8000-00000000a002' } },
  sendMessage: { body: { clientMessageId, text: 'Good morning' }, response: message },
  getMessage: { response: message },
  editMessage: { body: { text: 'Good evening' } },
  moveReadCursor: { body: { seq: 42 }, response: { channelId: channel, ...readState } },
};
