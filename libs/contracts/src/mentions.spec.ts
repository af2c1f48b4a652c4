import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseMentions, withoutCode } from './mentions.js';

const ada = '019bc0a1-7c00-7a10-8000-00000000a001';
const crew = '019bc0a1-7c00-7a10-8000-00000000f001';
const kinds = (text: string) => parseMentions(text).map((mention) => mention.kind);

describe('mentions', () => {
  it('are people, groups, the channel and those who are here', () => {
    expect(parseMentions(`<@${ada}> and <@&${crew}>: @channel @here`)).toEqual([
      { kind: 'user', id: ada },
      { kind: 'group', id: crew },
      { kind: 'channel' },
      { kind: 'here' },
    ]);
  });

  it('count once, however often they are written', () => {
    expect(parseMentions(`<@${ada}> `.repeat(10_000))).toEqual([{ kind: 'user', id: ada }]);
  });

  it('are words of their own, at the edge of punctuation too', () => {
    expect(kinds('(@here), @channel! "@here" 你好@channel')).toEqual(['here', 'channel']);
    for (const text of [
      'mail@channel.org',
      '@channels',
      '@here-now',
      'a/@here',
      '@@here',
      '@heretic',
      '<@here>',
    ])
      expect(kinds(text)).toEqual([]);
  });

  it('are not found in code', () => {
    for (const text of [
      '`@here`',
      '``a ` @here``',
      '```\n@channel\n```',
      '~~~\n@channel\n~~~',
      '```js\n@here',
    ])
      expect(kinds(text)).toEqual([]);
    expect(kinds('`open @here')).toEqual(['here']);
    expect(kinds('```\ncode\n```\n@here `x` @channel')).toEqual(['here', 'channel']);
  });

  it('are found wherever they stand between words and code, whatever the rest', () => {
    const word = fc.stringMatching(/^[a-z,.!]{1,8}$/);
    fc.assert(
      fc.property(fc.array(fc.oneof(word, fc.constantFrom('`x`', '``@here``'))), word, (before, after) => {
        expect(kinds([...before, `<@${ada}>`, after].join(' '))).toEqual(['user']);
      }),
    );
  });

  it('never throws and takes time in proportion to the text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('`', '``', '```', '\n', '~~~', '@here', '<@', ' ', 'a')),
        (parts) => {
          expect(withoutCode(parts.join('')).length).toBeLessThanOrEqual(
            parts.join('').length + parts.length,
          );
        },
      ),
    );
    expect(kinds('`'.repeat(16_000))).toEqual([]);
    expect(kinds('` '.repeat(8_000) + '@here')).toEqual(['here']);
  });
});
