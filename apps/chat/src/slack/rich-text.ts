/** What Slack's mrkdwn and our Markdown both can say; each syntax has a parser to it and a printer from it. */
export type Inline =
  | { type: 'text'; text: string }
  | { type: Emphasis; children: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'link'; url: string; label: string | null }
  | { type: 'user' | 'group' | 'channel'; id: string; label: string | null }
  | { type: 'everyone'; who: 'channel' | 'here' };
export type Emphasis = 'bold' | 'italic' | 'strike';
export type Mention = Extract<Inline, { type: 'user' | 'group' | 'channel' }>;

/** `indent` is the white space before a list item's bullet; null when the line is none. */
export type Line = { type: 'line'; quote: boolean; indent: string | null; inlines: Inline[] };
export type Block = Line | { type: 'code_block'; text: string };

/**
 * An invisible character that both printers put before what is meant literally and would be read as markup
 * otherwise, where the syntax has no escape for it. Both parsers drop it wherever it stands.
 */
export const JOINER = '\u2060';

/** A character of a line, or something already understood. `literal` characters are never markers. */
export type Token =
  { kind: 'char'; char: string; literal: boolean } | { kind: 'atom'; node: Inline } | MarkerToken;
export type MarkerToken = { kind: 'marker'; char: string; emphasis: Emphasis };

const WORD = /^[\p{L}\p{M}\p{N}]$/u;
export const isWord = (char: string | undefined): boolean => char !== undefined && WORD.test(char);
export const isSpace = (char: string | undefined): boolean => char === undefined || /^\s$/u.test(char);

/** What stands at a place, as its neighbours see it; an atom is neither a word nor a space. */
export const charAt = (tokens: readonly Token[], at: number): string | undefined => {
  const token = tokens[at];
  if (token === undefined) return undefined;
  return token.kind === 'atom' ? '\uFFFC' : token.kind === 'char' ? token.char : token.char.charAt(0);
};

export const firstChar = (text: string): string =>
  text === '' ? '' : String.fromCodePoint(text.codePointAt(0) as number);
export const lastChar = (text: string): string =>
  firstChar(/[\uD800-\uDBFF]?[^]$/.exec(text.slice(-2))?.[0] ?? '');

export type Flanks = (tokens: readonly Token[], at: number) => boolean;

/**
 * Pairs markers. Linear: once no end is found for a kind of marker, none is looked for again in that range,
 * and emphasis nests at most once per kind.
 */
export const pairMarkers = (
  tokens: readonly Token[],
  { opens, closes }: { opens: Flanks; closes: Flanks },
): Inline[] => {
  const within = (from: number, to: number, inside: ReadonlySet<Emphasis>): Inline[] => {
    const nodes: Inline[] = [];
    const hopeless = new Set<string>();
    const text = (more: string) => {
      const last = nodes.at(-1);
      if (last?.type === 'text') last.text += more;
      else nodes.push({ type: 'text', text: more });
    };
    for (let at = from; at < to; at++) {
      const token = tokens[at] as Token;
      if (token.kind === 'atom') nodes.push(token.node);
      else if (token.kind === 'char') text(token.char);
      else {
        const end =
          inside.has(token.emphasis) || hopeless.has(token.char) || !opens(tokens, at)
            ? -1
            : endOf(token, at, to);
        if (end > 0) {
          const children = within(at + 1, end, new Set([...inside, token.emphasis]));
          nodes.push({ type: token.emphasis, children });
          at = end;
        } else {
          if (!inside.has(token.emphasis) && opens(tokens, at)) hopeless.add(token.char);
          text(token.char);
        }
      }
    }
    return nodes;
  };
  const endOf = (opening: MarkerToken, at: number, to: number): number => {
    for (let end = at + 2; end < to; end++) {
      const token = tokens[end] as Token;
      if (token.kind === 'marker' && token.char === opening.char && closes(tokens, end)) return end;
    }
    return -1;
  };
  return within(0, tokens.length, new Set());
};

/**
 * Keeps emphasis apart from what it touches, where its markers would be misread otherwise. Printers put one
 * wherever emphasis (or code, or a mention of everyone) meets the like, or a spacer that belongs to the text; parsers drop one in those places.
 */
export const SPACER = '\u200B';

const separable = (node: Inline | undefined): boolean =>
  node !== undefined && ('children' in node || node.type === 'everyone' || node.type === 'code');

export const dropSpacers = (nodes: readonly Inline[], outer = false): Inline[] => {
  const kept: Inline[] = [];
  nodes.forEach((node, at) => {
    if ('children' in node) {
      kept.push({ ...node, children: dropSpacers(node.children, true) });
      return;
    }
    if (node.type !== 'text') return void kept.push(node);
    const before = nodes[at - 1];
    const after = nodes[at + 1];
    let { text } = node;
    if (separable(before) && text.startsWith(SPACER)) text = text.slice(1);
    if (separable(after) && text.endsWith(SPACER)) text = text.slice(0, -1);
    const last = kept.at(-1);
    if (last?.type === 'text') last.text += text;
    else if (text !== '' || (outer && nodes.length === 1)) kept.push({ type: 'text', text });
  });
  return kept;
};

/** Whether a spacer belongs between two neighbours, beyond what the syntax itself needs. */
export const needsSpacer = (left: Inline | undefined, right: Inline | undefined): boolean => {
  if (!left || !right) return false;
  const [a, b] = [separable(left), separable(right)];
  return (
    (a && b) ||
    (a && right.type === 'text' && right.text.startsWith(SPACER)) ||
    (b && left.type === 'text' && left.text.endsWith(SPACER))
  );
};

/** Lines without anything at the end are nobody's intention. */
export const trimEnd = (blocks: Block[]): Block[] => {
  const empty = (block: Block | undefined) =>
    block?.type === 'line' && block.inlines.length === 0 && !block.quote && block.indent === null;
  while (empty(blocks.at(-1))) blocks.pop();
  return blocks;
};

/** Replaces what mentions name, e.g. another system's ids by ours. */
export const mapMentions = (blocks: readonly Block[], map: (mention: Mention) => Inline): Block[] => {
  const inline = (node: Inline): Inline => {
    if ('children' in node) return { ...node, children: node.children.map(inline) };
    return node.type === 'user' || node.type === 'group' || node.type === 'channel' ? map(node) : node;
  };
  return blocks.map((block) =>
    block.type === 'line' ? { ...block, inlines: block.inlines.map(inline) } : block,
  );
};

/** Schemes that a link may have; anything else (`javascript:`) is shown as text. */
export const isSafeUrl = (url: string): boolean =>
  /^(?:https?|ftp|mailto|tel):[^\s<>]+$/iu.test(url) && url.isWellFormed();
