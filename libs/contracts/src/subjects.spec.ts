import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventSchemas, type EventType } from './events/parley-event.js';
import { eventSubject, parseEventSubject, partitionOf, type EventAddress } from './subjects.js';

const types = Object.keys(eventSchemas) as EventType[];
const uuid = fc.uuid({ version: 7 });
const addresses: fc.Arbitrary<EventAddress> = fc.record({
  partition: fc.nat(255),
  workspace: fc.oneof(uuid, fc.constant('_')),
  scope: fc.constantFrom('channel', 'user', 'workspace'),
  id: uuid,
  type: fc.constantFrom(...types),
});

describe('event subjects', () => {
  it('are parsed back to what they were made of', () => {
    fc.assert(
      fc.property(addresses, (address) => expect(parseEventSubject(eventSubject(address))).toEqual(address)),
    );
  });

  it('never contain what NATS forbids in a token', () => {
    fc.assert(fc.property(addresses, (address) => expect(eventSubject(address)).toMatch(/^[\w.-]+$/)));
  });

  it('keep the dots of the type', () => {
    const address = {
      partition: 0,
      workspace: '_',
      scope: 'user',
      id: 'u',
      type: 'session.revoked',
    } as const;
    expect(eventSubject(address)).toBe('evt.v1.0._.user.u.session.revoked');
  });

  it.each([
    '',
    'evt',
    'evt.v2.0.w.channel.c.message.created',
    'rt.v1.0.w.channel.c.message.created',
    'evt.v1.0.w.team.c.message.created',
    'evt.v1.0.w.channel.c',
    'evt.v1.0..channel.c.message.created',
  ])('are not %j', (subject) => {
    expect(parseEventSubject(subject)).toBeNull();
  });

  it('are not just any text', () => {
    fc.assert(fc.property(fc.string(), (text) => expect(parseEventSubject(text)).toBeNull()));
  });
});

describe('partitionOf', () => {
  it('always gives a workspace the same partition, within range', () => {
    fc.assert(
      fc.property(uuid, fc.integer({ min: 1, max: 64 }), (workspace, partitions) => {
        const partition = partitionOf(workspace, partitions);
        expect(partition).toBe(partitionOf(workspace, partitions));
        expect(partition).toBeGreaterThanOrEqual(0);
        expect(partition).toBeLessThan(partitions);
      }),
    );
  });

  it('is FNV-1a, whose published values it gives', () => {
    const whole = 2 ** 32;
    expect([partitionOf('', whole), partitionOf('a', whole), partitionOf('foobar', whole)]).toEqual([
      0x811c9dc5, 0xe40c292c, 0xbf9cf968,
    ]);
  });

  it('spreads workspaces evenly', () => {
    const counts = Array<number>(8).fill(0);
    for (const workspace of fc.sample(uuid, { numRuns: 8_000, seed: 1 })) {
      const partition = partitionOf(workspace, 8);
      counts[partition] = (counts[partition] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1_200);
  });
});
