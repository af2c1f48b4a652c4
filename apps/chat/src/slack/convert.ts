import { mapMentions, type Inline, type Mention } from './rich-text.js';
import { parseMarkdown, printMarkdown } from './markdown.js';
import { parseMrkdwn, printMrkdwn } from './mrkdwn.js';

/** Who and what is meant on the other side; null for what is not there, which becomes plain text. */
export type Counterparts = (
  kind: Mention['type'],
  id: string,
  label: string | null,
) => { id: string; label: string | null } | null;

const translate =
  (counterparts: Counterparts) =>
  (mention: Mention): Inline => {
    const other = counterparts(mention.type, mention.id, mention.label);
    if (other) return { type: mention.type, ...other };
    const name = (mention.label ?? mention.id).replace(/^[@#]/, '');
    return { type: 'text', text: `${mention.type === 'channel' ? '#' : '@'}${name}` };
  };

/** A message of a Slack export as we store it. */
export const toMarkdown = (mrkdwn: string, counterparts: Counterparts): string =>
  printMarkdown(mapMentions(parseMrkdwn(mrkdwn), translate(counterparts)));

/** A message of ours as it stands in an export. */
export const toMrkdwn = (markdown: string, counterparts: Counterparts): string =>
  printMrkdwn(mapMentions(parseMarkdown(markdown), translate(counterparts)));
