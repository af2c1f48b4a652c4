import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type ReadMail = { headers: Record<string, string>; subject: string; text: string; html: string };

const decoded = (body: string, encoding: string | undefined): string => {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
};

/** RFC 2047, as far as our subjects go. */
const decodedWords = (text: string): string =>
  text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toUpperCase() === 'B'
        ? decoded(word, 'base64')
        : decoded(word.replaceAll('_', ' '), 'quoted-printable'),
    );

const split = (raw: string): { headers: Record<string, string>; body: string } => {
  const at = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, at)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  return { headers: Object.fromEntries(headers) as Record<string, string>, body: raw.slice(at + 4) };
};

/** A mail as a mail program shows it. */
export const readMail = (raw: string): ReadMail => {
  const { headers, body } = split(raw);
  const boundary = /boundary="?([^";]+)/.exec(headers['content-type'] ?? '')?.[1] ?? '';
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => split(part.replace(/^\r\n/, '')));
  const part = (type: string): string => {
    const found = parts.find(({ headers: of }) => of['content-type']?.startsWith(type));
    return decoded(found?.body ?? '', found?.headers['content-transfer-encoding']).replaceAll('\r\n', '\n');
  };
  return {
    headers,
    subject: decodedWords(headers['subject'] ?? ''),
    text: part('text/plain').trimEnd(),
    html: part('text/html').trimEnd(),
  };
};

export const mailsIn = async (directory: string, address?: string): Promise<ReadMail[]> => {
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.eml')).sort();
  const mails = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
  return mails.map(readMail).filter(({ headers }) => address === undefined || headers['to'] === address);
};

/** The token of the link in a mail. */
export const tokenIn = (mail: ReadMail | undefined): string =>
  /#([\w-]{43})$/m.exec(mail?.text ?? '')?.[1] ?? '';
