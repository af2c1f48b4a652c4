import { exampleId } from '../example-ids.js';

const membership = {
  threadId: exampleId('Message'),
  channelId: exampleId('Channel'),
  following: true,
  level: 'default',
  lastReadSeq: 42,
  version: 1,
  movedAtSeq: 42,
  unreadSeqs: [43, 45],
  removedSeqs: [],
  mentionSeqs: [45],
};

export const threadsExamples = {
  getThreadMembership: { response: membership },
  followThread: { response: { ...membership, unreadSeqs: [], mentionSeqs: [] } },
  unfollowThread: { response: { ...membership, following: false, unreadSeqs: [], mentionSeqs: [] } },
  setThreadPreferences: { body: { level: 'mentions' }, response: { ...membership, level: 'mentions' } },
  moveThreadCursor: {
    body: { seq: 43 },
    response: { ...membership, lastReadSeq: 43, unreadSeqs: [45] },
  },
  markThreadUnread: { body: { seq: 43 }, response: membership },
};
