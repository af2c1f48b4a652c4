import type { Recipient } from '#contracts';
import { escapeHtml, oneLine, type Mail } from '#mail';
import {
  conversationIdOf,
  digestOf,
  messageIdOf,
  type Conversation,
  type Digest,
  type Item,
} from './digest.js';
import { stringsFor, type MailStrings } from './mail-strings.js';

/** Where links lead. */
export type Site = { publicUrl: string; unsubscribeUrl: string };

const MAX_NAME = 80;

const short = (name: string): string => {
  const line = oneLine(name);
  return line.length > MAX_NAME ? `${[...line].slice(0, MAX_NAME - 1).join('')}…` : line;
};

const placeOf = ({ channelName }: { channelName: string | null }, strings: MailStrings): string =>
  channelName === null ? strings.directPlace : `#${short(channelName)}`;

const headingOf = (conversation: Conversation, strings: MailStrings): string => {
  const place = placeOf(conversation, strings);
  return conversation.threadId === null ? place : strings.threadIn(place);
};

/** As people of this locale write it, on the clock where the person is. */
const clockOf = ({ locale, timeZone }: Recipient): ((at: Date) => string) => {
  const style = { dateStyle: 'medium', timeStyle: 'short' } as const;
  const format = (() => {
    try {
      return new Intl.DateTimeFormat(locale ?? 'en', { ...style, timeZone: timeZone ?? 'UTC' });
    } catch {
      return new Intl.DateTimeFormat('en', { ...style, timeZone: 'UTC' });
    }
  })();
  return (at) => format.format(at);
};

const subjectOf = (items: readonly Item[], { workspaces }: Digest, strings: MailStrings): string => {
  const [only, ...others] = items;
  if (only && others.length === 0) {
    const { notice, delivery } = only;
    return strings.subject[delivery.reason](short(notice.senderName), placeOf(notice, strings));
  }
  const [first, ...rest] = workspaces;
  return strings.digest(items.length, first && rest.length === 0 ? short(first.name) : null);
};

type Line = { when: string; who: string; what: string };
type Block = { heading: string; link: string; lines: Line[] };
type Section = { name: string; blocks: Block[] };

const sectionsOf = (
  digest: Digest,
  site: Site,
  strings: MailStrings,
  clock: (at: Date) => string,
): Section[] =>
  digest.workspaces.map(({ name, conversations }) => ({
    name: short(name),
    blocks: conversations.map((conversation) => ({
      heading: headingOf(conversation, strings),
      link: `${site.publicUrl}/w/${conversation.workspaceId}/c/${conversation.channelId}`,
      lines: conversation.items.map(({ delivery, notice }) => ({
        when: clock(delivery.createdAt),
        who: short(notice.senderName),
        what: oneLine(notice.preview) || strings.noText,
      })),
    })),
  }));

type Page = { sections: Section[]; more: number; strings: MailStrings; site: Site };

const textOf = ({ sections, more, strings, site }: Page): string => {
  const parts = sections.flatMap(({ name, blocks }) => [
    `== ${name} ==`,
    ...blocks.flatMap(({ heading, link, lines }) => [
      heading,
      ...lines.map(({ when, who, what }) => `${who} (${when}):\n  ${what}`),
      `${strings.open}: ${link}`,
    ]),
  ]);
  if (more > 0) parts.push(`${strings.more(more)}: ${site.publicUrl}`);
  parts.push(`-- \n${strings.why}\n${strings.unsubscribe}: ${site.unsubscribeUrl}`);
  return `${parts.join('\n\n')}\n`;
};

const STYLE = `body{margin:0;padding:0;background:#f4f5f7}
.card{max-width:36em;margin:0 auto;padding:24px;background:#ffffff;color:#1d2129;font:16px/1.5 system-ui,-apple-system,sans-serif}
h1{font-size:18px;margin:0 0 8px}h2{font-size:16px;margin:20px 0 4px}p{margin:6px 0;overflow-wrap:anywhere}
.when,.foot{color:#667085;font-size:13px}a{color:#2f5fd0}.foot{margin-top:24px;border-top:1px solid #e4e7ec;padding-top:12px}
@media (prefers-color-scheme:dark){body{background:#101318}.card{background:#181c23;color:#e6e8ec}a{color:#8fb0ff}}
@media (max-width:480px){.card{padding:16px}}`;

const htmlOf = ({ sections, more, strings, site }: Page): string => {
  const link = (url: string, label: string) => `<a href="${escapeHtml(url)}">${escapeHtml(label)}</a>`;
  const block = ({ heading, link: to, lines }: Block) => [
    `<h2>${escapeHtml(heading)}</h2>`,
    ...lines.map(
      ({ when, who, what }) =>
        `<p><strong>${escapeHtml(who)}</strong> <span class="when">${escapeHtml(when)}</span><br>${escapeHtml(what)}</p>`,
    ),
    `<p>${link(to, strings.open)}</p>`,
  ];
  return [
    `<!doctype html><html lang="${strings.language}"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width,initial-scale=1"><style>${STYLE}</style></head>`,
    '<body><div class="card">',
    ...sections.flatMap(({ name, blocks }) => [`<h1>${escapeHtml(name)}</h1>`, ...blocks.flatMap(block)]),
    ...(more > 0 ? [`<p>${link(site.publicUrl, strings.more(more))}</p>`] : []),
    `<p class="foot">${escapeHtml(strings.why)}<br>${link(site.unsubscribeUrl, strings.unsubscribe)}</p>`,
    '</div></body></html>',
  ].join('\n');
};

/** One mail about what somebody has not read: the same as text and as HTML that needs nothing from elsewhere. */
export const notificationMail = (
  items: readonly Item[],
  recipient: Recipient & { email: string },
  site: Site,
): Mail => {
  const strings = stringsFor(recipient.locale);
  const digest = digestOf(items);
  const { hostname } = new URL(site.publicUrl);
  const inReplyTo = conversationIdOf(items, hostname);
  const sections = sectionsOf(digest, site, strings, clockOf(recipient));
  const page = { sections, more: digest.more, strings, site };
  return {
    to: recipient.email,
    subject: subjectOf(items, digest, strings),
    text: textOf(page),
    html: htmlOf(page),
    messageId: messageIdOf(items, hostname),
    ...(inReplyTo === null ? {} : { inReplyTo }),
    headers: {
      // RFC 8058: the mail program unsubscribes by itself, with a POST.
      'List-Unsubscribe': `<${site.unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  };
};
