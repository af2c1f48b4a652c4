import { describe, expect, it } from '@jest/globals';
import { channelId, settle } from '../test/fakes.js';
import { network, setup } from '../test/outbox-harness.js';

const one = channelId(1);

describe('outboxes with one storage', () => {
  it('lets two tabs with one storage send a message once between them', async () => {
    const { outbox, open, attempts, clock, storage } = setup({
      reply: (_, n) => (n === 1 ? network() : undefined),
    });
    for (const text of ['a', 'b']) outbox.send(one, text);
    await settle();
    // Loads both while the first one waits to try again.
    const other = open();
    await clock.advance(10_000);
    expect(attempts.map(({ text }) => text).sort()).toEqual(['a', 'a', 'b']);
    expect([outbox.messages, other.messages, storage.load()]).toEqual([[], [], []]);
  });

  it('does not send what another tab has discarded', async () => {
    const { outbox, open, attempts, clock, connectivity } = setup({ online: false });
    const { clientMessageId } = outbox.send(one, 'never mind');
    const other = open();
    outbox.discard(clientMessageId);
    connectivity.set(true);
    await clock.advance(10_000);
    expect(attempts).toEqual([]);
    expect(other.messages).toEqual([]);
  });

  it('sends again under the same id after a crash between sending and forgetting', async () => {
    const { open, attempts, storage, clock } = setup();
    const crash = new Error('crash');
    const dying = open({
      storage: {
        ...storage,
        remove: () => {
          throw crash;
        },
      },
    });
    const { clientMessageId } = dying.send(one, 'hi');
    await settle();
    dying.close();
    const next = open();
    await clock.advance(1_000);
    expect(attempts.map(({ id }) => id)).toEqual([clientMessageId, clientMessageId]);
    expect([next.messages, storage.load()]).toEqual([[], []]);
  });
});
