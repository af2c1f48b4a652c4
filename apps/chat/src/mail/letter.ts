import { z } from 'zod';
import { Email } from '#contracts';
import { escapeHtml, oneLine, type Mail } from '#mail';

/** A mail as a feature writes it: a subject, paragraphs, and at most one thing to do. */
export const Letter = z.object({
  to: Email,
  subject: z.string().min(1).max(200),
  paragraphs: z.array(z.string()).min(1),
  action: z.object({ label: z.string(), url: z.url({ protocol: /^https?$/ }) }).optional(),
});
export type Letter = z.infer<typeof Letter>;

const BUTTON =
  'display:inline-block;padding:10px 18px;border-radius:6px;background:#2f5fd0;color:#ffffff;text-decoration:none;font-weight:600';

/** The same words as plain text and as HTML that needs nothing from elsewhere. */
export const renderLetter = ({ to, subject, paragraphs, action }: Letter): Mail => {
  const words = paragraphs.map(oneLine);
  const text = [...words, ...(action ? [`${action.label}:\n${action.url}`] : [])].join('\n\n');
  const html = [
    '<!doctype html><html><head><meta charset="utf-8"></head>',
    '<body style="font-family:system-ui,sans-serif;line-height:1.5;color:#1d2129;max-width:36em;margin:0 auto;padding:24px">',
    ...words.map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`),
    ...(action
      ? [
          `<p><a href="${escapeHtml(action.url)}" style="${BUTTON}">${escapeHtml(action.label)}</a></p>`,
          `<p style="color:#667085;font-size:14px">Or open this address: ${escapeHtml(action.url)}</p>`,
        ]
      : []),
    '</body></html>',
  ].join('\n');
  return { to, subject: oneLine(subject), text: `${text}\n`, html };
};
