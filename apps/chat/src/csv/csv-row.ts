import { z } from 'zod';
import { ChannelName, CreateChannel, DisplayName, Email, SingleLine } from '#contracts';
import type { Omission } from '../operations/operation.js';
import { severalOf, type CsvRow } from './csv.js';

const blank =
  <T>(fallback: T) =>
  (text: unknown) =>
    text === '' || text === undefined ? fallback : text;
const Several = z.string().transform(severalOf);

export const UserRow = z
  .object({
    email: Email,
    name: z.preprocess(blank(undefined), DisplayName.optional()),
    role: z.preprocess(blank('member'), z.enum(['admin', 'member', 'guest', 'single_channel_guest'])),
    title: z.preprocess(blank(''), SingleLine.max(80)),
    channels: z.preprocess(blank(''), Several.pipe(z.array(ChannelName).max(100))),
  })
  .refine(({ role, channels }) => role !== 'single_channel_guest' || channels.length === 1, {
    path: ['channels'],
    message: 'names not exactly one',
  });
export type UserRow = z.infer<typeof UserRow>;
export const USER_COLUMNS = ['email', 'name', 'role', 'title', 'channels'] as const;

export const ChannelRow = z.object({
  name: ChannelName,
  kind: z.preprocess(blank('public'), z.enum(['public', 'private'])),
  topic: z.preprocess(blank(''), CreateChannel.shape.topic),
  description: z.preprocess(blank(''), CreateChannel.shape.description),
  members: z.preprocess(blank(''), Several.pipe(z.array(Email).max(5000))),
});
export type ChannelRow = z.infer<typeof ChannelRow>;
export const CHANNEL_COLUMNS = ['name', 'kind', 'topic', 'description', 'members'] as const;

/** Why a row was left out: a part of it, and what is wrong with that. */
export class RowRefused extends Error {
  constructor(
    readonly code: Omission['code'],
    readonly pointer: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** Throws `RowRefused`. */
export const readRow = <Schema extends z.ZodType>(schema: Schema, { values }: CsvRow): z.output<Schema> => {
  const { data, error } = schema.safeParse(values);
  const issue = error?.issues[0];
  if (issue) throw new RowRefused('invalid', `/${String(issue.path[0] ?? '')}`, issue.message);
  return data as z.output<Schema>;
};
