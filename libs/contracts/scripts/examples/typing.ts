export const typingExamples = {
  reportTyping: { body: { state: 'start' } },
};
