import { z } from 'zod';
import { ImageId } from '../ids.js';
import { SingleLine } from '../text.js';
import { DisplayName } from './accounts.js';

const isTimeZone = (name: string): boolean => {
  // Offsets like +02:00 know nothing of daylight saving.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};
const canonicalLocale = (tag: string, context: z.RefinementCtx): string => {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? tag;
  } catch {
    context.addIssue({ code: 'custom', message: 'is not a language tag (BCP 47)' });
    return z.NEVER;
  }
};

export const TimeZone = z.string().max(64).refine(isTimeZone, 'is not a time zone of the IANA database');
export const Locale = z.string().min(2).max(64).transform(canonicalLocale);

/** What is not named stays; null or an empty text takes it away. */
export const UpdateProfile = z
  .strictObject({
    name: DisplayName,
    title: SingleLine.max(80),
    pronouns: SingleLine.max(40),
    timeZone: TimeZone.nullable(),
    locale: Locale.nullable(),
    avatarImageId: ImageId.nullable(),
  })
  .partial();
export type UpdateProfile = z.infer<typeof UpdateProfile>;
