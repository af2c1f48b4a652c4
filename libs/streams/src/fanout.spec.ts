import { describe, expect, it } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import { Audience, type Framed, type Subscriber } from './audience.js';
import { Fanout } from './fanout.js';

class Listener implements Subscriber {
  burst: Audience | Audience[] | null = null;
  readonly writes: Buffer[] = [];
  frames = 0;
  send(bytes: Buffer, frames: number): void {
    this.writes.push(bytes);
    this.frames += frames;
  }
  get heard(): string {
    return Buffer.concat(this.writes).toString();
  }
}
const framed = (seq: number): Framed => ({ seq, frame: Buffer.from(`${seq};`) });
const audience = (...listeners: Listener[]) => {
  const made = new Audience();
  for (const listener of listeners) made.subscribers.add(listener);
  return made;
};
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('Fanout', () => {
  it('writes once per subscriber and tick, the same bytes to all', async () => {
    const [ada, grace] = [new Listener(), new Listener()];
    const channel = audience(ada, grace);
    const fanout = new Fanout();
    fanout.push(channel, framed(1));
    fanout.push(channel, framed(2));
    expect(ada.writes).toHaveLength(0);
    await turn();
    expect(ada.writes).toHaveLength(1);
    expect(ada.heard).toBe('1;2;');
    expect(ada.frames).toBe(2);
    expect(grace.writes[0]).toBe(ada.writes[0]);
    await turn();
    expect(ada.writes).toHaveLength(1);
  });

  it('passes a single frame on without copying it', () => {
    const ada = new Listener();
    const fanout = new Fanout();
    const only = framed(1);
    fanout.push(audience(ada), only);
    fanout.flush();
    expect(ada.writes[0]).toBe(only.frame);
  });

  it('keeps nothing for an audience without subscribers', () => {
    const empty = audience();
    new Fanout().push(empty, framed(1));
    expect(empty.burst).toHaveLength(0);
  });

  test.prop([
    fc.array(fc.subarray([0, 1, 2, 3]), { minLength: 1, maxLength: 8 }),
    fc.array(fc.option(fc.integer({ min: 0, max: 3 }), { freq: 4 }), { maxLength: 60 }),
  ])(
    'gives each subscriber the events of its audiences in the order of the stream',
    (memberships, events) => {
      const listeners = memberships.map(() => new Listener());
      const audiences = [0, 1, 2, 3].map((id) =>
        audience(...listeners.filter((_, index) => memberships[index]?.includes(id))),
      );
      const fanout = new Fanout();
      events.forEach((target, index) => {
        if (target === null) fanout.flush();
        else fanout.push(audiences[target] as Audience, framed(index));
      });
      fanout.flush();
      listeners.forEach((listener, index) => {
        const expected = events.flatMap((target, at) =>
          target !== null && memberships[index]?.includes(target) ? [`${at};`] : [],
        );
        expect(listener.heard).toBe(expected.join(''));
        expect(listener.frames).toBe(expected.length);
      });
    },
  );
});
