import { exampleId } from '../example-ids.js';

export const pollsExamples = {
  vote: { body: { optionIds: [exampleId('PollOption')] } },
};
