import { exampleId, exampleTime } from '../example-ids.js';

export const reactionsExamples = {
  addReaction: { params: { emoji: '🎉' } },
  removeReaction: { params: { emoji: ':ship_it:' } },
  listReactions: {
    query: { emoji: '🎉' },
    response: {
      data: [
        {
          emoji: '🎉',
          user: { id: exampleId('User'), name: 'Ada', kind: 'user' },
          reactedAt: exampleTime,
        },
      ],
      nextCursor: null,
    },
  },
};
