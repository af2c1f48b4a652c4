import type { OperationId } from '../src/index.js';

const at = '2026-01-15T09:30:00.000Z';
const user = '019bc0a1-7c00-7a10-8000-00000000a001';
const workspace = '019bc0a1-7c00-7a10-8000-00000000b001';
const channel = '019bc0a1-7c00-7a10-8000-00000000c001';
const clientMessageId = '5f0c6a3e-8d5b-4a53-9a35-1f7b8f3d2c11';

const me = { id: user, name: 'Ada', kind: 'user', email: 'ada@example.org', createdAt: at };
const auth = { user: me, sessionId: '019bc0a1-7c00-7a10-8000-00000000e001', expiresIn: 600 };
const message = {
  id: '019bc0a1-7c00-7a10-8000-00000000d001',
  workspaceId: workspace,
  channelId: channel,
  senderId: user,
  clientMessageId,
  text: 'Good morning',
  createdAt: at,
  editedAt: null,
  deletedAt: null,
  seq: 42,
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
    lastSeq: 42,
    directUserIds: null,
  },
  role: 'admin',
  lastReadSeq: 40,
};

/** Shown in the API documentation; a spec holds them to their schemas. */
export const examples: Partial<Record<OperationId, { body?: unknown; response?: unknown }>> = {
  register: {
    body: { email: 'ada@example.org', name: 'Ada', password: 'correct horse battery', transport: 'cookie' },
    response: auth,
  },
  login: {
    body: { email: 'ada@example.org', password: 'correct horse battery', transport: 'cookie' },
    response: auth,
  },
  getMe: { response: me },
  createWorkspace: {
    body: { name: 'Analytical Engines' },
    response: { id: workspace, name: 'Analytical Engines', createdAt: at, role: 'owner' },
  },
  createInvite: { body: { expiresInHours: 24, maxUses: 5 } },
  createChannel: {
    body: { name: 'general', kind: 'public', topic: 'Everything and nothing' },
    response: myChannel,
  },
  openDirect: { body: { userIds: ['019bc0a1-7c00-7a10-8000-00000000a002'] } },
  addChannelMember: { body: { userId: '019bc0a1-7c00-7a10-8000-00000000a002' } },
  sendMessage: { body: { clientMessageId, text: 'Good morning' }, response: message },
  listMessages: { response: { data: [message], nextCursor: '42' } },
  getMessage: { response: message },
  editMessage: { body: { text: 'Good evening' } },
  moveReadCursor: { body: { seq: 42 }, response: { channelId: channel, lastReadSeq: 42 } },
};
