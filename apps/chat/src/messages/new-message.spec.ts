import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Message, MessageCreated } from '#contracts';
import { newId } from '#testing';
import { eventHead, eventJson, messageJson, newMessage } from './new-message.js';

describe('a new message', () => {
  it('is serialised to a valid message and event, whatever its text and seq', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 2 ** 53 - 1 }),
        fc.constantFrom(null, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'),
        (text, seq, traceparent) => {
          const send = {
            workspaceId: newId.workspace(),
            channelId: newId.channel(),
            senderId: newId.user(),
            clientMessageId: newId.clientMessage(),
            text,
            traceparent,
          };
          const message = newMessage(send);
          const place = { seq, ordinal: seq, summary: null };
          const stored = Message.parse(JSON.parse(messageJson(message, place)));
          expect(stored).toMatchObject({ seq, ordinal: seq, text, senderId: send.senderId });
          const event = MessageCreated.parse(JSON.parse(eventJson(eventHead(message), place)));
          expect(event).toMatchObject({
            seq,
            traceparent,
            actorId: send.senderId,
            data: { message: stored },
          });
        },
      ),
    );
  });
});
