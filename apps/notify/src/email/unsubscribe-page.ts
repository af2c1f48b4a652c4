import { createHash } from 'node:crypto';
import { escapeHtml } from '#mail';
import type { MailStrings } from './mail-strings.js';

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;color:#1d2129;background:#f4f5f7;margin:0;padding:24px}
main{max-width:32em;margin:10vh auto 0;background:#fff;padding:24px;border-radius:8px}h1{font-size:20px;margin:0 0 8px}
button{font:inherit;padding:10px 18px;border:0;border-radius:6px;background:#2f5fd0;color:#fff}
@media (prefers-color-scheme:dark){body{background:#101318;color:#e6e8ec}main{background:#181c23}}`;

/** The page holds nothing but itself. With no referrer at all the browser would not say where its form comes from. */
export const PAGE_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
};

const page = (strings: MailStrings, body: string[]): string =>
  [
    `<!doctype html><html lang="${strings.language}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${escapeHtml(strings.stopTitle)}</title><style>${STYLE}</style></head><body><main>`,
    ...body,
    '</main></body></html>',
  ].join('\n');

/** Asks first: whatever fetches links to look at them ends nobody's mails. Its form says what a mail program would. */
export const questionPage = (strings: MailStrings): string =>
  page(strings, [
    `<h1>${escapeHtml(strings.stopTitle)}</h1>`,
    `<p>${escapeHtml(strings.stopQuestion)}</p>`,
    '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">',
    `<button>${escapeHtml(strings.unsubscribe)}</button></form>`,
  ]);

export const stoppedPage = (strings: MailStrings): string =>
  page(strings, [`<h1>${escapeHtml(strings.stopped)}</h1>`, `<p>${escapeHtml(strings.stopQuestion)}</p>`]);
