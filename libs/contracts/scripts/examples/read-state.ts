import { exampleId } from '../example-ids.js';

export const readStateExamples = {
  getUnread: {
    response: {
      channels: [{ channelId: exampleId('Channel'), unread: 7, mentions: 1 }],
      threads: { unreadCount: 2, mentionCount: 1 },
    },
  },
};
