import { ChannelName } from '#contracts';
import type { SlackUser } from './slack-format.js';

/** One line that can be shown: without what `Label` refuses, and not longer than fits. */
export const lineOf = (text: string, length: number): string =>
  [
    ...text
      .toWellFormed()
      .replaceAll(/\s+/gu, ' ')
      .replaceAll(/(?![\u200C\u200D])\p{C}/gu, ''),
  ]
    .slice(0, length)
    .join('')
    .trim();

/** Text of any number of lines. */
export const paragraphOf = (text: string, length: number): string =>
  text.replaceAll('\u0000', '').toWellFormed().slice(0, length).toWellFormed();

export const personName = ({ id, name, real_name, profile }: SlackUser): string =>
  [profile.display_name, profile.real_name, real_name, name].map((text) => lineOf(text, 80)).find(Boolean) ??
  id;

/** Lower case, as accounts have them; null for what is no address. */
export const emailOf = ({ profile }: SlackUser): string | null => {
  const email = profile.email.trim().toLowerCase();
  return /^[^\s@]{1,64}@[^\s@]{1,189}$/.test(email) ? email : null;
};

/** A name that a channel can have; `attempt` tells those apart that would be the same. */
export const channelName = (source: string, id: string, attempt = 0): string => {
  const parsed = ChannelName.safeParse(source);
  const fallback = source
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}_-]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+/u, '');
  const name = (parsed.success ? parsed.data : fallback) || id.toLowerCase();
  const suffix = attempt === 0 ? '' : `-${attempt + 1}`;
  return `${[...name].slice(0, 80 - suffix.length).join('')}${suffix}`;
};
