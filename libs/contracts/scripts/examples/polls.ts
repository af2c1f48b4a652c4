import { exampleId, exampleTime } from '../example-ids.js';

export const pollsExamples = {
  vote: { body: { optionIds: [exampleId('PollOption')] } },
  listVotes: {
    query: { optionId: exampleId('PollOption') },
    response: {
      data: [{ user: { id: exampleId('User'), name: 'Ada', kind: 'user' }, votedAt: exampleTime }],
      nextCursor: null,
    },
  },
};
