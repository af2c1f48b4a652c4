import { exampleId, exampleTime } from '../example-ids.js';

const shipit = {
  id: exampleId('Emoji'),
  workspaceId: exampleId('Workspace'),
  name: 'ship_it',
  imageId: exampleId('Image'),
  aliasOf: null,
  createdBy: exampleId('User'),
  createdAt: exampleTime,
  version: 1,
};

export const emojiExamples = {
  createEmoji: { body: { name: 'ship_it', imageId: exampleId('Image') }, response: shipit },
  listEmoji: { response: { data: [shipit], nextCursor: null } },
  renameEmoji: { body: { name: 'shipped' }, response: { ...shipit, name: 'shipped', version: 2 } },
};
