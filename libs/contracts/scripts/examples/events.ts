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
  createStreamTicket: { response: { ticket, expiresAt: exampleTime } },
};
