const id = '019bc0a1-7c00-7a10-8000-00000000d001';

export const activityExamples = {
  listActivity: { query: { kinds: 'mentions,replies' } },
  moveActivityCursor: { body: { id }, response: { lastReadId: id, version: 4 } },
};
