import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SseParser, type SseFrame } from './sse-parser.js';

const parse = (chunks: string[]) => {
  const frames: SseFrame[] = [];
  const retries: number[] = [];
  const parser = new SseParser({ onFrame: (frame) => frames.push(frame), onRetry: (ms) => retries.push(ms) });
  for (const chunk of chunks) parser.push(chunk);
  return { frames, retries };
};

const dataOf = (text: string) => parse([text]).frames.map((frame) => frame.data);

describe('SseParser', () => {
  // The examples of WHATWG HTML §9.2.6.
  it('joins the data lines of one frame', () => {
    expect(dataOf('data: YHOO\ndata: +2\ndata: 10\n\n')).toEqual(['YHOO\n+2\n10']);
  });

  it('keeps, empties and takes over ids as the standard says', () => {
    const text =
      ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n';
    expect(parse([text]).frames).toEqual([
      { id: '1', event: 'message', data: 'first event' },
      { id: '', event: 'message', data: 'second event' },
      { id: '', event: 'message', data: ' third event' },
    ]);
  });

  it('dispatches empty data but not an unfinished frame', () => {
    expect(dataOf('data\n\ndata\ndata\n\ndata:')).toEqual(['', '\n']);
  });

  it('treats a space after the colon as optional', () => {
    expect(dataOf('data:test\n\ndata: test\n\n')).toEqual(['test', 'test']);
  });

  it('does not dispatch a frame without data, and forgets its event name', () => {
    expect(parse(['event: gone\nid: 7\n\ndata: x\n\n']).frames).toEqual([
      { id: '7', event: 'message', data: 'x' },
    ]);
  });

  it('ignores comments, unknown fields, ids with U+0000 and retries that are no number', () => {
    const { frames, retries } = parse([': hi\nfoo: bar\nid: a\0b\nretry: 12x\nretry: 2500\ndata: x\n\n']);
    expect(frames).toEqual([{ id: '', event: 'message', data: 'x' }]);
    expect(retries).toEqual([2500]);
  });

  it.each(['\n', '\r', '\r\n'])('ends lines by %j', (end) => {
    expect(dataOf(['event: e', 'data: 1', '', 'data: 2', '', ''].join(end))).toEqual(['1', '2']);
  });

  it('does not see an empty line between CR and LF in different chunks', () => {
    expect(parse(['data: 1\r', '', '\ndata: 2\r', '\n\r', '\n']).frames).toEqual([
      { id: '', event: 'message', data: '1\n2' },
    ]);
  });

  it('does not swallow the LF that follows a line ended by CR and other text', () => {
    expect(dataOf('data: 1\r\ndata: 2\r\n\n')).toEqual(['1\n2']);
  });

  const line = fc.oneof(
    fc.constantFrom(
      '',
      'data',
      'data:',
      'id: 5',
      'id',
      'event: message.created',
      'retry: 10',
      ': beat',
      'data: é🙂',
    ),
    fc.string().map((text) => `data: ${text}`),
    fc.string(),
  );
  const lines = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n')));
  const streams = lines.map((all) => all.map(([text, end]) => text + end).join(''));

  it('gives the same frames wherever the text is cut', () => {
    fc.assert(
      fc.property(streams, fc.array(fc.nat()), (text, seeds) => {
        const cuts = [...new Set(seeds.map((seed) => seed % (text.length + 1)))].sort((a, b) => a - b);
        const chunks = [0, ...cuts].map((from, i) => text.slice(from, cuts[i] ?? text.length));
        expect(parse(chunks)).toEqual(parse([text]));
        expect(parse([...text])).toEqual(parse([text]));
      }),
    );
  });

  it('gives back what a server wrote', () => {
    const frames = fc.array(fc.record({ id: fc.stringMatching(/^[0-9a-z]+-\d+$/), data: fc.json() }));
    fc.assert(
      fc.property(frames, (sent) => {
        const text = sent.map(({ id, data }) => `id: ${id}\nevent: e\ndata: ${data}\n\n: beat\n\n`).join('');
        expect(parse([text]).frames).toEqual(sent.map((one) => ({ ...one, event: 'e' })));
      }),
    );
  });

  it('takes a long line in small pieces in linear time', () => {
    const data = 'x'.repeat(1_000_000);
    const chunks = `data: ${data}\n\n`.match(/[^]{1,16}/g) ?? [];
    expect(parse(chunks).frames).toEqual([{ id: '', event: 'message', data }]);
  });
});
