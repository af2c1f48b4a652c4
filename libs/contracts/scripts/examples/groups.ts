import { exampleId, exampleTime } from '../example-ids.js';

const crew = {
  id: exampleId('Group'),
  workspaceId: exampleId('Workspace'),
  handle: 'crew',
  name: 'The crew',
  description: 'Those who keep it running',
  disabled: false,
  memberIds: [exampleId('User')],
  createdBy: exampleId('User'),
  createdAt: exampleTime,
  version: 1,
};
const member = { user: { id: exampleId('User'), name: 'Ada', kind: 'user' }, addedAt: exampleTime };

export const groupsExamples = {
  createGroup: {
    body: {
      handle: 'crew',
      name: 'The crew',
      description: 'Those who keep it running',
      userIds: [exampleId('User')],
    },
    response: crew,
  },
  listGroups: { response: { data: [crew], nextCursor: null } },
  updateGroup: { body: { disabled: true }, response: { ...crew, disabled: true, version: 2 } },
  listGroupMembers: { response: { data: [member], nextCursor: null } },
  addGroupMembers: { body: { userIds: [exampleId('User')] }, response: crew },
};
