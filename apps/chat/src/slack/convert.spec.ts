import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toMarkdown, toMrkdwn, type Counterparts } from './convert.js';
import { parseMarkdown, printMarkdown } from './markdown.js';
import { parseMrkdwn, printMrkdwn } from './mrkdwn.js';

const ours = { user: 'a001', group: 'a002', channel: 'a003' };
const uuid = (tail: string) => `019bc0a1-7c00-7a10-8000-00000000${tail}`;
const slack = { user: 'U1', group: 'S1', channel: 'C1' };
const labels = { user: null, group: '@team', channel: 'general' };
const fromSlack: Counterparts = (kind, id) =>
  id === slack[kind] ? { id: uuid(ours[kind]), label: null } : null;
const fromOurs: Counterparts = (kind, id) =>
  id === uuid(ours[kind]) ? { id: slack[kind], label: labels[kind] } : null;
const markdown = (text: string) => toMarkdown(text, fromSlack);
const mrkdwn = (text: string) => toMrkdwn(text, fromOurs);

describe("Slack's mrkdwn and our Markdown", () => {
  it.each([
    ['*bold* _italic_ ~gone~ `code`', '**bold** _italic_ ~~gone~~ `code`'],
    ['*_both_* and _*both*_', '**_both_** and _**both**_'],
    ['a &amp; b &lt;tag&gt;', 'a & b \\<tag>'],
    [
      '<@U1> in <#C1|general>, <!subteam^S1|@team>',
      `<@${uuid('a001')}> in <#${uuid('a003')}>, <@&${uuid('a002')}>`,
    ],
    ['<!channel> and <!here>', '@channel and @here'],
    ['see <https://example.org/a_b?x=1&amp;y=2> now', 'see https://example.org/a_b?x=1&y=2 now'],
    ['<https://example.org|the *site*>', '[the \\*site\\*](https://example.org)'],
    ['<mailto:ada@example.org|ada@example.org>', '[ada@example.org](mailto:ada@example.org)'],
    ['&gt; quoted\nnot', '> quoted\nnot'],
    ['• one\n    • two', '- one\n    - two'],
    ['```\nlet a = *b*;\n```', '```\nlet a = *b*;\n```'],
    ['snake_case and 2*3*4', 'snake_case and 2\\*3\\*4'],
    ['1. first\n2. second', '1. first\n2. second'],
    [':tada: 日本語 *太字*', ':tada: 日本語 **太字**'],
  ])('%j ↔ %j', (there, here) => {
    expect(markdown(there)).toBe(here);
    expect(mrkdwn(here)).toBe(there);
  });

  it.each([
    ['old labels', '<@U1|ada> <!here|@here> <!everyone>', `<@${uuid('a001')}> @here @channel`],
    ['unknown people and channels', '<@U9> <@U8|bob> <#C9|ops>', '@U9 @bob #ops'],
    ['dates', '<!date^1392734382^{date}|Feb 18>', 'Feb 18'],
    ['a script as link', '<javascript:alert(1)|click>', 'click'],
    ['code beside text', 'a ```x``` b', 'a \n```\nx\n```\n b'],
    ['a quote of the rest', '&gt;&gt;&gt; a\nb', '> a\n> b'],
    ['links in code', '`<https://a.example|a.example>`', '`a.example`'],
    ['an unclosed marker', '*not bold', '\\*not bold'],
    ['a word that looks like a mention', 'write to @channel', 'write to @\u2060channel'],
  ])('reads %s', (_, there, here) => {
    expect(markdown(there)).toBe(here);
  });

  it.each([
    ['emphasis inside a word', 're**mark**able', 're\u200B*mark*\u200Bable'],
    ['asterisks meant literally', '\\*not bold\\*', '\u2060*not bold\u2060*'],
    ['a language of a code block', '```ts\nx\n```', '```\nx\n```'],
    ['backticks in code', '``a`b``', '`a\u2060`b`'],
  ])('writes %s', (_, here, there) => {
    expect(mrkdwn(here)).toBe(there);
  });

  const fragment = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...'*_~`<>&|\\[]()@#!:-+•. \n'.split('')) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        'a',
        'word',
        'é',
        '日本',
        '👩‍👩‍👧',
        '**',
        '~~',
        '__',
        '```',
        '&gt;',
        '&amp;',
        '<@U1>',
        '<!here>',
        '@channel',
        '<https://a.example/x|l>',
        'https://b.example/(y)',
        `<@${uuid('a001')}>`,
        '\u2060',
        '\u200B',
        '    ',
        '\r\n',
      ),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 3 }) },
  );
  const text = fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join('').toWellFormed());

  it('settle: what was converted once comes back the same from then on', () => {
    fc.assert(
      fc.property(text, (source) => {
        const here = markdown(source);
        expect(markdown(mrkdwn(here))).toBe(here);
        const there = mrkdwn(source);
        expect(mrkdwn(markdown(there))).toBe(there);
      }),
      { numRuns: 1000 },
    );
  });

  it('each parser reads back what its printer wrote', () => {
    fc.assert(
      fc.property(text, (source) => {
        const fromMarkdown = parseMarkdown(printMarkdown(parseMarkdown(source)));
        expect(parseMarkdown(printMarkdown(fromMarkdown))).toEqual(fromMarkdown);
        const fromMrkdwn = parseMrkdwn(printMrkdwn(parseMrkdwn(source)));
        expect(parseMrkdwn(printMrkdwn(fromMrkdwn))).toEqual(fromMrkdwn);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['*', '_', '~', '`', '<', '&', '[', '*a ', '_*', '<@U1>', '```', '[a](', '\\', '> '])(
    'take time in proportion to the text: %j ten thousand times',
    (part) => {
      const started = performance.now();
      markdown(part.repeat(10_000));
      mrkdwn(part.repeat(10_000));
      expect(performance.now() - started).toBeLessThan(1500);
    },
  );
});
