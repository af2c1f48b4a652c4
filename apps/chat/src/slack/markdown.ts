import {
  charAt,
  dropSpacers,
  firstChar,
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

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const emphases: Record<string, Emphasis> = {
  '**': 'bold',
  __: 'bold',
  '*': 'italic',
  _: 'italic',
  '~~': 'strike',
};
const PUNCTUATION = '!"#$%&\'()*+,\\-./:;<=>?@[\\\\\\]^_`{|}~';

/** In order: escape, code, mention, link in brackets, link with label, bare link, everyone, marker, anything. */
const ATOM = new RegExp(
  [
    `\\\\([${PUNCTUATION}])`,
    '(?<tick>`+)(?!`)(?<code>[^]*?[^`])\\k<tick>(?!`)',
    `<(?<sigil>@&|@|#)(?<id>${UUID})>`,
    '<(?<angle>(?:https?|ftp|mailto|tel):[^\\s<>]+)>',
    `\\[(?<label>(?:\\\\[${PUNCTUATION}]|[^\\[\\]\\\\]|\\\\(?![${PUNCTUATION}]))+)\\]\\((?<url>(?:https?|ftp|mailto|tel):[^\\s<>()]+)\\)`,
    '(?<![\\p{L}\\p{N}])(?<bare>https?://[^\\s<>`]*[\\p{L}\\p{N}/=&#-])',
    '(?<![\\p{L}\\p{N}_@./<-])@(?<who>channel|here)(?![\\p{L}\\p{N}_-])',
    '(?<marker>\\*\\*|__|~~|\\*|_)',
    '[^]',
  ].join('|'),
  'gu',
);

const unescapeMarkdown = (text: string) => text.replaceAll(new RegExp(`\\\\([${PUNCTUATION}])`, 'g'), '$1');
const codeText = (raw: string) =>
  raw.startsWith(' ') && raw.endsWith(' ') && raw.trim() !== '' ? raw.slice(1, -1) : raw;
const mentionOf = { '@': 'user', '@&': 'group', '#': 'channel' } as const;

const atomOf = (groups: Record<string, string | undefined>): Inline | null => {
  const { code, sigil, id, angle, label, url, bare, who } = groups;
  if (code !== undefined) return { type: 'code', text: codeText(code) };
  if (sigil !== undefined && id !== undefined) return { type: mentionOf[sigil as '@'], id, label: null };
  if (angle !== undefined) return { type: 'link', url: angle, label: null };
  if (label !== undefined && url !== undefined) return { type: 'link', url, label: unescapeMarkdown(label) };
  if (bare !== undefined) return { type: 'link', url: bare, label: null };
  if (who !== undefined) return { type: 'everyone', who: who as 'here' };
  return null;
};

const tokenize = (line: string): Token[] => {
  const tokens: Token[] = [];
  for (const match of line.matchAll(ATOM)) {
    const [part, escaped] = match;
    const node = atomOf(match.groups ?? {});
    const marker = match.groups?.['marker'];
    if (node) tokens.push({ kind: 'atom', node });
    else if (escaped !== undefined) tokens.push({ kind: 'char', char: escaped, literal: true });
    else if (marker !== undefined)
      tokens.push({ kind: 'marker', char: marker, emphasis: emphases[marker] as Emphasis });
    else tokens.push({ kind: 'char', char: part, literal: false });
  }
  return tokens;
};

const isUnderscore = (tokens: readonly Token[], at: number) => {
  const token = tokens[at];
  return token?.kind === 'marker' && token.char.startsWith('_');
};
/** Underscores are markers at the edge of words only: `snake_case` stays as it is. */
const flanks = {
  opens: (tokens: readonly Token[], at: number) =>
    !isSpace(charAt(tokens, at + 1)) && !(isUnderscore(tokens, at) && isWord(charAt(tokens, at - 1))),
  closes: (tokens: readonly Token[], at: number) =>
    !isSpace(charAt(tokens, at - 1)) && !(isUnderscore(tokens, at) && isWord(charAt(tokens, at + 1))),
};

const parseLine = (source: string): Block => {
  const quote = source.startsWith('>');
  const body = quote ? source.replace(/^> ?/, '') : source;
  const [prefix, indent] = /^(\s*)[-*+] /.exec(body) ?? [''];
  const inlines = dropSpacers(pairMarkers(tokenize(body.slice(prefix.length)), flanks));
  return { type: 'line', quote, indent: indent ?? null, inlines };
};

const SILENCED = new RegExp(`@${JOINER}(?=channel|here)`, 'gu');

/** Reads the source of a message of ours. Takes any text. */
export const parseMarkdown = (source: string): Block[] => {
  const blocks: Block[] = [];
  const plain = source.replaceAll(/\r\n?/g, '\n').replaceAll(SILENCED, '\\@').replaceAll(JOINER, '');
  const lines = plain.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string;
    const [, fence] = /^(`{3,})[^`]*$/.exec(line) ?? [];
    if (fence === undefined) {
      blocks.push(parseLine(line));
      continue;
    }
    const code: string[] = [];
    const closing = new RegExp(`^\`{${fence.length},}\\s*$`);
    while (++at < lines.length && !closing.test(lines[at] as string)) code.push(lines[at] as string);
    const text = code.join('\n');
    blocks.push(text.trim() === '' ? parseLine('') : { type: 'code_block', text });
  }
  return trimEnd(blocks);
};

const printText = (text: string, before: string, after: string): string => {
  const chars = [...text];
  let out = '';
  chars.forEach((char, at) => {
    const previous = chars[at - 1] ?? before;
    const next = chars[at + 1] ?? after;
    const rest = () => chars.slice(at + 1, at + 12).join('');
    const escaped =
      char === '*' ||
      char === '`' ||
      char === '[' ||
      (char === '\\' && (next === '' || next === '\uFFFC' || new RegExp(`^[${PUNCTUATION}]$`).test(next))) ||
      (char === '_' && !(isWord(previous) && isWord(next))) ||
      (char === '~' && (previous === '~' || next === '~' || next === '\uFFFC')) ||
      (char === '<' && next !== ' ' && next !== '') ||
      (char === '&' && /^[#\w]+;/.test(rest())) ||
      (char === ':' && rest().startsWith('//'));
    out += escaped ? `\\${char}` : char;
    if (char === '@' && /^(?:channel|here)/.test(rest())) out += JOINER;
  });
  return out;
};

const printCode = (text: string): string => {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = '`'.repeat(longest + 1);
  const padded = /^`|`$|^ .*\S.* $/s.test(text) ? ` ${text} ` : text;
  return ticks + padded + ticks;
};

const escapeLabel = (text: string) => text.replaceAll(/[\\[\]*_~`<]/g, '\\$&');
const escapeUrl = (url: string) => url.replaceAll(/[()]/g, (char) => (char === '(' ? '%28' : '%29'));
/** Short and clear where it can't be misread; in brackets elsewhere. */
const printLink = (url: string, label: string | null, before: string, after: string): string => {
  if (label !== null) return `[${escapeLabel(label)}](${escapeUrl(url)})`;
  const bare =
    /^https?:\/\/[\w./?=&%#~+-]*[\w/]$/.test(url) && !isWord(before) && isSpace(after || undefined);
  return bare ? url : `<${url}>`;
};

const sigilOf = { user: '@', group: '@&', channel: '#' } as const;
const firstOf = (node: Inline | undefined): string =>
  node === undefined ? '' : node.type === 'text' ? firstChar(node.text) : '\uFFFC';

const printNode = (node: Inline, before: string, after: string): string => {
  switch (node.type) {
    case 'text':
      return printText(node.text, before, after);
    case 'code':
      return printCode(node.text);
    case 'link':
      return printLink(node.url, node.label, before, after);
    case 'user':
    case 'group':
    case 'channel':
      return `<${sigilOf[node.type]}${node.id}>`;
    case 'everyone':
      return `@${node.who}`;
    case 'bold':
      return `**${printInlines(node.children, '*', '*')}**`;
    case 'strike':
      return `~~${printInlines(node.children, '~', '~')}~~`;
    case 'italic': {
      const marker = isWord(before) || isWord(after) ? '*' : '_';
      const [inner, { length }] = [node.children, node.children];
      const clash = (child: Inline | undefined) =>
        child?.type === (marker === '*' ? 'bold' : 'everyone') ? SPACER : '';
      const body = clash(inner[0]) + printInlines(inner, marker, marker) + clash(inner[length - 1]);
      return marker + body + marker;
    }
  }
};

/** `@here` is one only as a word of its own. */
const apart = (left: Inline | undefined, right: Inline | undefined): boolean => {
  if (left?.type === 'everyone' && right?.type === 'text' && /^[\p{L}\p{N}_-]/u.test(right.text)) return true;
  if (right?.type === 'everyone' && left?.type === 'text' && /[\p{L}\p{N}_@./<-]$/u.test(left.text))
    return true;
  return needsSpacer(left, right);
};

const printInlines = (nodes: readonly Inline[], before = '', after = ''): string => {
  let out = '';
  let last = before;
  nodes.forEach((node, at) => {
    const next = nodes[at + 1];
    const spacer = apart(nodes[at - 1], node) ? SPACER : '';
    const follows = apart(node, next) ? SPACER : next ? firstOf(next) : after;
    const part = printNode(node, spacer || last, follows);
    out += spacer + part;
    last = lastChar(part) || spacer || last;
  });
  return out;
};

const printBlock = (block: Block): string => {
  if (block.type === 'code_block') {
    const longest = Math.max(2, ...[...block.text.matchAll(/`+/g)].map(([run]) => run.length));
    const fence = '`'.repeat(longest + 1);
    return `${fence}\n${block.text}\n${fence}`;
  }
  const body = printInlines(block.inlines);
  const literal = /^(?:>|\s*[-+] |#+ )/.test(body) ? body.replace(/^\s*/, '$&\\') : body;
  return `${block.quote ? '> ' : ''}${block.indent === null ? '' : `${block.indent}- `}${literal}`;
};

export const printMarkdown = (blocks: readonly Block[]): string => blocks.map(printBlock).join('\n');
