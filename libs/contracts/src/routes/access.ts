import type { ProblemCode } from '../problem.js';

/**
 * The kinds of caller that every route has a verdict for. `guest`, `member`, `admin`, `owner` and `bot` are
 * in the workspace and channel that the request names; `removed` was in both and is no more; `stranger` has
 * an account and nothing else.
 */
export const callerKinds = [
  'anonymous',
  'stranger',
  'removed',
  'guest',
  'member',
  'admin',
  'owner',
  'bot',
] as const;
export type CallerKind = (typeof callerKinds)[number];

/** `ok`, or the code of the problem. */
export type Verdict = 'ok' | ProblemCode;
export type Access = Record<CallerKind, Verdict>;

const insiders = { guest: 'ok', member: 'ok', admin: 'ok', owner: 'ok', bot: 'ok' } as const;
const outsiders = <Code extends Verdict>(code: Code) =>
  ({ anonymous: 'auth.unauthenticated', stranger: code, removed: code }) as const;

/** Anyone, without a token. */
export const open: Access = { anonymous: 'ok', stranger: 'ok', removed: 'ok', ...insiders };
/** Anyone with an account. */
export const signedIn: Access = { ...outsiders('ok'), ...insiders };
/** Any person with an account. */
export const peopleOnly: Access = { ...signedIn, bot: 'permission.denied' };
/** Everyone in the workspace. What outsiders ask about does not exist for them. */
export const inWorkspace: Access = { ...outsiders('workspace.not_found'), ...insiders };
/** Everyone in the channel. */
export const inChannel: Access = { ...outsiders('channel.not_found'), ...insiders };
/** Everyone who may read the message. */
export const withMessage: Access = { ...outsiders('message.not_found'), ...insiders };

const denied = 'permission.denied' as const;
/** `of`, but not for guests and bots. */
export const fullMembers = (of: Access): Access => ({ ...of, guest: denied, bot: denied });
/** `of`, but for admins and owners only. */
export const adminsOnly = (of: Access): Access => ({ ...fullMembers(of), member: denied });
/** `of`, but for owners only. */
export const ownersOnly = (of: Access): Access => ({ ...adminsOnly(of), admin: denied });
