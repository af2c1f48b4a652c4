import { exampleId, exampleTime as at } from '../example-ids.js';

const workspaceId = exampleId('Workspace');
const id = exampleId('Notification');
const notification = {
  id,
  workspaceId,
  channelId: exampleId('Channel'),
  messageId: exampleId('Message'),
  threadId: null,
  seq: 42,
  senderId: exampleId('User'),
  reason: 'mention',
  createdAt: at,
  readAt: null,
  withdrawnAt: null,
  version: 1,
};
const preferences = {
  level: 'mentions',
  push: true,
  email: 'daily',
  keywords: [{ workspaceId, words: ['deploy', 'release plan'] }],
  version: 3,
};

export const notificationsExamples = {
  listNotifications: {
    query: { workspaceId, unread: 'true' },
    response: { data: [notification], nextCursor: null },
  },
  readNotification: { response: { ...notification, readAt: at, version: 2 } },
  readAllNotifications: { response: { read: 3 } },
  getNotificationPreferences: { response: preferences },
  updateNotificationPreferences: { body: { keywords: preferences.keywords }, response: preferences },
  listNotificationDeliveries: {
    response: {
      data: [
        {
          id: exampleId('Delivery'),
          notificationId: id,
          workspaceId,
          channel: 'push',
          state: 'cancelled',
          attempts: 0,
          errorCode: 'read',
          createdAt: at,
          dueAt: at,
          settledAt: at,
        },
      ],
      nextCursor: null,
    },
  },
};
