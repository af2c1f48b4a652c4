import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EVENTS_STREAM } from '#contracts';
import { DEAD_LETTERS_STREAM } from '#bus';
import { eventually, newId } from '#testing';
import { deadLetters, runDlq } from '../src/dlq-cli.js';
import { BusHarness, type Handler } from './harness.js';

describe('dead letters', () => {
  let harness: BusHarness;
  let broken: boolean;
  const handled: string[] = [];
  const handle: Handler = (event) => {
    if (broken && event.data.message.text === 'bad') throw new Error('cannot\nbe done');
    handled.push(event.data.message.text);
  };
  beforeAll(async () => {
    harness = await BusHarness.start();
    await harness.consume('letters', { on: { 'message.created': handle, 'member.left': () => undefined } });
  });
  afterAll(() => harness.stop());
  beforeEach(async () => {
    broken = true;
    handled.length = 0;
    await harness.bus.jsm.streams.purge(EVENTS_STREAM);
    await harness.bus.jsm.streams.purge(DEAD_LETTERS_STREAM);
  });

  const dlq = (...args: string[]) => runDlq(harness.bus, args[0], args[1]);
  const buried = (count: number) =>
    eventually(async () => {
      const letters = await deadLetters(harness.bus);
      expect(letters).toHaveLength(count);
      return letters;
    });

  it('keep an event after its last delivery, with where from and why, and the trace', async () => {
    const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const event = await harness.publish('bad', trace);
    await harness.publish('good');
    const [letter] = await buried(1);
    expect(letter).toMatchObject({ consumer: 'letters', reason: 'cannot be done' });
    expect(letter?.subject).toContain(event.channelId);
    expect(JSON.parse(new TextDecoder().decode(letter?.payload))).toEqual(event);
    const stored = await harness.bus.jsm.streams.getMessage(DEAD_LETTERS_STREAM, {
      seq: letter?.number as number,
    });
    expect(stored?.header.get('traceparent')).toBe(trace);
    await eventually(async () => expect(await harness.unsettled('letters')).toBe(0));
    expect(handled).toEqual(['good']);
  });

  it.each(['{nonsense', 'null', '[]', '{"type":5}', ''])(
    'keep what is no event at once: %j',
    async (payload) => {
      const subject = `evt.v1.0.${newId.workspace()}.channel.${newId.channel()}.message.created`;
      await harness.bus.js.publish(subject, payload);
      const [letter] = await buried(1);
      expect(letter?.reason).toBe('the payload is not an event');
      expect(new TextDecoder().decode(letter?.payload)).toBe(payload);
    },
  );

  it('are kept for each consumer that gave up', async () => {
    const strategy = await harness.consume('other', { on: { 'message.created': handle } }, { maxDeliver: 1 });
    await harness.publish('bad');
    const letters = await buried(2);
    expect(letters.map(({ consumer }) => consumer).sort()).toEqual(['letters', 'other']);
    await strategy.close();
    await harness.bus.jsm.consumers.delete(EVENTS_STREAM, 'other');
  });

  it('are listed and shown', async () => {
    expect(await dlq('list')).toBe('no dead letters');
    await harness.publish('bad');
    const [letter] = await buried(1);
    expect(await dlq('list')).toMatch(
      new RegExp(`^${letter?.number}\\t\\d{4}-.*\\tletters\\tevt\\.v1\\..*\\tcannot be done$`),
    );
    expect(await dlq('show', String(letter?.number))).toContain('"text":"bad"');
  });

  it('are redriven to every consumer under a new id, and are gone then', async () => {
    await harness.publish('bad');
    await harness.publish('bad');
    const letters = await buried(2);
    broken = false;
    expect(await dlq('redrive', String(letters[0]?.number))).toBe(`redriven: ${letters[0]?.number}`);
    await eventually(() => expect(handled).toEqual(['bad']));
    expect(await dlq('redrive', 'all')).toBe(`redriven: ${letters[1]?.number}`);
    await eventually(() => expect(handled).toEqual(['bad', 'bad']));
    expect(await dlq('list')).toBe('no dead letters');
    expect(await dlq('redrive', 'all')).toBe('no dead letters');
  });

  it('come back when what was redriven fails again', async () => {
    await harness.publish('bad');
    const [first] = await buried(1);
    await dlq('redrive', 'all');
    const [again] = await buried(1);
    expect(again?.number).toBeGreaterThan(first?.number as number);
  });

  it('are dropped one by one, never all at once', async () => {
    await harness.publish('bad');
    const [letter] = await buried(1);
    expect(await dlq('drop', 'all')).toBe('no dead letters');
    expect(await deadLetters(harness.bus)).toHaveLength(1);
    expect(await dlq('drop', String(letter?.number))).toBe(`dropped: ${letter?.number}`);
    expect(await dlq('list')).toBe('no dead letters');
  });

  it.each([
    [[], 'Dead letters: '],
    [['bury'], 'Dead letters: '],
    [['show'], 'no dead letter (say which)'],
    [['show', '999'], 'no dead letter 999'],
    [['drop', '1 OR 1'], 'no dead letter 1 OR 1'],
  ])('answer %j with help', async (args, answer) => {
    expect(await dlq(...args)).toContain(answer);
  });
});
