export const remindersExamples = {
  createReminder: { body: { text: 'Send the invoice', remindAt: '2026-01-16T09:00:00.000Z' } },
  changeReminder: { body: { remindAt: '2026-01-17T09:00:00.000Z' } },
  snoozeReminder: { body: { until: '2026-01-16T09:20:00.000Z' } },
};
