import { exampleId } from '../example-ids.js';

const recurrence = { freq: 'weekly', interval: 1, weekdays: ['mo'], timeZone: 'Europe/London' };

export const scheduledMessagesExamples = {
  scheduleMessage: {
    body: {
      channelId: exampleId('Channel'),
      text: 'Who is on call this week?',
      sendAt: '2026-01-19T09:00:00.000Z',
      recurrence,
    },
  },
  rescheduleMessage: { body: { sendAt: '2026-01-26T09:00:00.000Z' } },
};
