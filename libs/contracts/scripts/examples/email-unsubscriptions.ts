/** Not a real signature. */
const token = 'AZvAoXwAehCAAAAAAACgAUqtwiWwJq2dTn0iZkOEdMQ8kfOeVxJq1kYb5ymY0sXh';

export const emailUnsubscriptionsExamples = {
  askEmailUnsubscription: { params: { token } },
  unsubscribeFromEmail: { params: { token } },
} as const;
