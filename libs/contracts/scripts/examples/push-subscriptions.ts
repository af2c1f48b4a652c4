import { exampleId, exampleTime } from '../example-ids.js';

const pushSubscription = {
  id: exampleId('PushSubscription'),
  sessionId: exampleId('Session'),
  deviceName: 'Phone',
  service: 'updates.push.services.mozilla.com',
  content: 'full',
  createdAt: exampleTime,
};

export const pushSubscriptionsExamples = {
  getPushKey: {
    response: {
      publicKey: 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM',
    },
  },
  listPushSubscriptions: { response: { pushSubscriptions: [pushSubscription], version: 1 } },
  savePushSubscription: {
    // The subscription of RFC 8291, appendix A.
    body: {
      endpoint: 'https://updates.push.services.mozilla.com/wpush/v2/gAAAAABk',
      keys: {
        p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
        auth: 'BTBZMqHH6r4Tts7J_aSIgg',
      },
      deviceName: 'Phone',
      content: 'full',
    },
    response: pushSubscription,
  },
} as const;
