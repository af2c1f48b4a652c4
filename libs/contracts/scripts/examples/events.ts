import { exampleId, exampleTime } from '../example-ids.js';

const types = 'message.created,reaction.*';
const channels = exampleId('Channel');
const ticket = 'Zk3Jm1r0oVY8y2H5c7QeD4tW6uXaBnLpSgTiKjRfMhE';

export const eventsExamples = {
  streamEvents: {
    query: { types, channels, ticket },
    response: [
      'retry: 2900',
      'id: m3k9-42',
      'event: stream.ready',
      'data: {"type":"stream.ready","data":{"cursor":"m3k9-42"}}',
      '',
      '',
    ].join('\n'),
  },
  listEvents: {
    query: { after: 'm3k9-41', types, channels },
    response: {
      data: [
        {
          id: 'm3k9-42',
          type: 'message.deleted',
          event: {
            id: '019bc0a1-7c00-7a10-8000-00000000f003',
            type: 'message.deleted',
            source: '/chat',
            time: exampleTime,
            workspaceId: exampleId('Workspace'),
            channelId: channels,
            actorId: exampleId('User'),
            traceparent: null,
            data: {},
            seq: 42,
          },
        },
      ],
      nextCursor: 'm3k9-42',
      more: false,
    },
  },
  createStreamTicket: { response: { ticket, expiresAt: exampleTime } },
};
