import {
  charAt,
  dropSpacers,
  firstChar,
  isSafeUrl,
  isSpace,
  isWord,
  JOINER,
  lastChar,
  needsSpacer,
  pairMarkers,
  SPACER,
  trimEnd,
  type Block,
  type Emphasis,
  type Inline,
  type Token,
} from './rich-text.js';

const markers: Record<string, Emphasis> = { '*': 'bold', _: 'italic', '~': 'strike' };
const FENCE = '```';
const ESCAPED = /&(amp|lt|gt);/g;
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>' };

const unescape = (text: string) => text.replaceAll(ESCAPED, (_, name: string) => entities[name] as string);
export const escapeMrkdwn = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What stands between `<` and `>`. */
const parseAngle = (body: string): Inline => {
  const bar = body.indexOf('|');
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? null : unescape(body.slice(bar + 1)) || null;
  const [, user] = /^@([A-Z0-9]+)$/.exec(target) ?? [];
  if (user) return { type: 'user', id: user, label };
  const [, channel] = /^#([A-Z0-9]+)$/.exec(target) ?? [];
  if (channel) return { type: 'channel', id: channel, label };
  const [, group] = /^!subteam\^([A-Z0-9]+)$/.exec(target) ?? [];
  if (group) return { type: 'group', id: group, label };
  if (/^!(?:channel|everyone|group)$/.test(target)) return { type: 'everyone', who: 'channel' };
  if (target === '!here') return { type: 'everyone', who: 'here' };
  const url = unescape(target);
  if (isSafeUrl(url)) return { type: 'link', url, label };
  return { type: 'text', text: label ?? (target.startsWith('!') ? target.slice(1) : url) };
};

/** In code links are shown as what one reads; a joiner before a backtick means the backtick. */
const parseCode = (source: string): string =>
  unescape(
    source
      .replaceAll(/<([^<>\n]+)>/g, (_, body: string) => body.slice(body.indexOf('|') + 1))
      .replaceAll(JOINER, ''),
  );

const ATOM = new RegExp(
  `<([^<>\\n]+)>|\`((?:${JOINER}\`|[^\`${JOINER}])+)\`|&(?:amp|lt|gt);|${JOINER}[*_~\`]|[^]`,
  'gu',
);

const tokenize = (line: string): Token[] => {
  const tokens: Token[] = [];
  for (const [part, angle, code] of line.matchAll(ATOM)) {
    if (angle !== undefined) tokens.push({ kind: 'atom', node: parseAngle(angle.replaceAll(JOINER, '')) });
    else if (code !== undefined) tokens.push({ kind: 'atom', node: { type: 'code', text: parseCode(code) } });
    else if (part in markers)
      tokens.push({ kind: 'marker', char: part, emphasis: markers[part] as Emphasis });
    else if (part.length > 1 && part.startsWith(JOINER))
      tokens.push({ kind: 'char', char: part.slice(1), literal: true });
    else if (part !== JOINER) tokens.push({ kind: 'char', char: unescape(part), literal: part.length > 1 });
  }
  return tokens;
};

const flanks = {
  opens: (tokens: readonly Token[], at: number) =>
    !isWord(charAt(tokens, at - 1)) && !isSpace(charAt(tokens, at + 1)),
  closes: (tokens: readonly Token[], at: number) =>
    !isSpace(charAt(tokens, at - 1)) && !isWord(charAt(tokens, at + 1)),
};

const LINE = /^(\s*)(?:•|◦|▪︎?|-) /u;
const parseLine = (source: string, quoted: boolean): Block => {
  const quote = quoted || /^(?:&gt;|>)/.test(source);
  const body = quoted ? source : source.replace(/^(?:&gt;|>) ?/, '');
  const [prefix, indent] = LINE.exec(body) ?? [''];
  const inlines = dropSpacers(pairMarkers(tokenize(body.slice(prefix.length)), flanks));
  return { type: 'line', quote, indent: indent ?? null, inlines };
};

const FENCED = new RegExp(`(?<!${JOINER})${FENCE}\\n?([^]*?\\S[^]*?)\\n?(?<!${JOINER})${FENCE}`, 'gu');

const IDLE_JOINER = new RegExp(`${JOINER}(?![*_~\`•◦▪-]|&gt;)`, 'gu');

/** Reads a message as it stands in a Slack export. Takes any text. */
export const parseMrkdwn = (source: string): Block[] => {
  const text = source.replaceAll(/\r\n?/g, '\n').replaceAll(IDLE_JOINER, '');
  const blocks: Block[] = [];
  let quoted = false;
  const lines = (part: string, first: boolean, last: boolean) => {
    const start = !first && part.startsWith('\n') ? 1 : 0;
    const cut = !last && part.length > start && part.endsWith('\n');
    const rest = part.slice(start, cut ? -1 : undefined);
    if (rest === '' && !cut && !(first && last)) return;
    for (const line of rest.split('\n')) {
      const all = /^(?:&gt;|>){3}/.test(line);
      quoted ||= all;
      blocks.push(parseLine(all ? line.replace(/^(?:&gt;|>){3} ?/, '') : line, quoted));
    }
  };
  let end = 0;
  for (const match of text.matchAll(FENCED)) {
    lines(text.slice(end, match.index), end === 0, false);
    blocks.push({ type: 'code_block', text: parseCode(match[1] as string) });
    end = match.index + match[0].length;
  }
  lines(text.slice(end), end === 0, true);
  return trimEnd(blocks);
};

const printText = (text: string, before: string): string => {
  const chars = [...text];
  let out = '';
  chars.forEach((char, at) => {
    const previous = chars[at - 1] ?? before;
    const next = chars[at + 1];
    const inWord = isWord(previous) && isWord(next);
    const alone = isSpace(previous) && isSpace(next);
    const needed = char === '`' || (char in markers && !inWord && !alone);
    out += needed ? JOINER + char : escapeMrkdwn(char);
  });
  return out;
};

const printCode = (text: string) => escapeMrkdwn(text).replaceAll('`', `${JOINER}\``);
const markerOf: Record<Emphasis, string> = { bold: '*', italic: '_', strike: '~' };
const label = (text: string | null) => (text === null ? '' : `|${escapeMrkdwn(text)}`);

const printNode = (node: Inline, before: string): string => {
  switch (node.type) {
    case 'text':
      return printText(node.text, before);
    case 'code':
      return `\`${printCode(node.text)}\``;
    case 'link':
      return `<${escapeMrkdwn(node.url).replaceAll('|', '%7C').replaceAll('`', '%60')}${label(node.label)}>`;
    case 'user':
      return `<@${node.id}${label(node.label)}>`;
    case 'channel':
      return `<#${node.id}${label(node.label)}>`;
    case 'group':
      return `<!subteam^${node.id}${label(node.label)}>`;
    case 'everyone':
      return `<!${node.who}>`;
    case 'bold':
    case 'italic':
    case 'strike': {
      const marker = markerOf[node.type];
      return marker + printInlines(node.children, marker) + marker;
    }
  }
};

const startsWithWord = (node: Inline | undefined) => node?.type === 'text' && isWord(firstChar(node.text));
const endsWithWord = (node: Inline | undefined) => node?.type === 'text' && isWord(lastChar(node.text));

/** Slack sees markers at the edge of words only. */
const apart = (left: Inline | undefined, right: Inline): boolean =>
  needsSpacer(left, right) ||
  (left !== undefined && 'children' in left && startsWithWord(right)) ||
  ('children' in right && endsWithWord(left));

const printInlines = (nodes: readonly Inline[], before = ''): string => {
  let out = '';
  let last = before;
  nodes.forEach((node, at) => {
    const spacer = apart(nodes[at - 1], node) ? SPACER : '';
    const part = printNode(node, spacer || last);
    out += spacer + part;
    last = lastChar(part) || spacer || last;
  });
  return out;
};

const printBlock = (block: Block): string => {
  if (block.type === 'code_block')
    return `${FENCE}\n${block.text.includes('`') ? printCode(block.text) : escapeMrkdwn(block.text)}\n${FENCE}`;
  const body = printInlines(block.inlines);
  const literal = body.replace(/^\s*(?=[•◦▪-] )|^(?=&gt;)/u, `$&${JOINER}`);
  return `${block.quote ? '&gt; ' : ''}${block.indent === null ? '' : `${block.indent}• `}${literal}`;
};

export const printMrkdwn = (blocks: readonly Block[]): string => blocks.map(printBlock).join('\n');
