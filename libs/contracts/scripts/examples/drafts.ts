export const draftsExamples = {
  putDraft: { body: { text: 'I was about to say' } },
};
