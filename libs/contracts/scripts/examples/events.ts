import { exampleId } from '../example-ids.js';

const types = 'message.created,reaction.*';
const channels = exampleId('Channel');

export const eventsExamples = {
  streamEvents: {
    query: { types, channels },
    response: [
      'retry: 2900',
      'id: m3k9-42',
      'event: stream.ready',
      'data: {"type":"stream.ready","data":{"cursor":"m3k9-42"}}',
      '',
      '',
    ].join('\n'),
  },
};
