import { z } from 'zod';

/** Every error a client can get: stable code → HTTP status and title (docs/api/errors.md lists them). */
export const problems = {
  'request.malformed': { status: 400, title: 'The request could not be parsed' },
  'request.invalid': { status: 400, title: 'The request does not fit its schema' },
  'request.too_large': { status: 413, title: 'The request body is too large' },
  'request.unsupported_media_type': { status: 415, title: 'The media type is not supported' },
  'route.not_found': { status: 404, title: 'There is no such route' },
  'auth.unauthenticated': { status: 401, title: 'Authentication is required' },
  'auth.token_invalid': { status: 401, title: 'The access token is not valid' },
  'auth.token_expired': { status: 401, title: 'The access token has expired' },
  'auth.session_revoked': { status: 401, title: 'The session was revoked' },
  'auth.invalid_credentials': { status: 401, title: 'E-mail address or password is wrong' },
  'auth.refresh_invalid': { status: 401, title: 'The refresh token is not valid' },
  'auth.refresh_reused': { status: 401, title: 'The refresh token was used before; the session is revoked' },
  'auth.origin_forbidden': { status: 403, title: 'The request comes from a foreign origin' },
  'auth.email_taken': { status: 409, title: 'An account with this e-mail address exists' },
  'auth.password_wrong': { status: 403, title: 'The current password is wrong' },
  'auth.two_factor_required': { status: 401, title: 'A code of the second factor is needed as well' },
  'auth.challenge_invalid': { status: 401, title: 'The challenge has expired or was used' },
  'auth.code_invalid': { status: 403, title: 'The code is wrong or was used' },
  'two_factor.already_on': { status: 409, title: 'The second factor is on already' },
  'two_factor.not_on': { status: 409, title: 'The second factor is not on' },
  'two_factor.not_started': { status: 409, title: 'There is no secret to confirm' },
  'permission.denied': { status: 403, title: 'Your role does not permit this' },
  'precondition.failed': { status: 412, title: 'It was changed by someone else meanwhile' },
  'session.not_found': { status: 404, title: 'There is no such session' },
  'workspace.not_found': { status: 404, title: 'There is no such workspace' },
  'workspace.last_owner': { status: 409, title: 'A workspace needs an owner' },
  'member.not_found': { status: 404, title: 'There is no such member' },
  'member.single_channel': { status: 409, title: 'A single-channel guest is in one channel only' },
  'invite.not_found': { status: 404, title: 'There is no such invite' },
  'invite.expired': { status: 410, title: 'The invite has expired, was used up or was revoked' },
  'channel.not_found': { status: 404, title: 'There is no such channel' },
  'channel.not_member': { status: 403, title: 'You are not a member of this channel' },
  'channel.name_taken': { status: 409, title: 'A channel with this name exists' },
  'channel.archived': { status: 409, title: 'The channel is archived' },
  'channel.not_joinable': { status: 403, title: 'This channel is joined by invitation only' },
  'channel.direct_fixed': { status: 409, title: 'The members of a direct conversation do not change' },
  'section.not_found': { status: 404, title: 'There is no such section in your sidebar' },
  'sidebar.full': { status: 409, title: 'The sidebar holds no more sections or channels' },
  'message.not_found': { status: 404, title: 'There is no such message' },
  'message.not_author': { status: 403, title: 'Only its author may do this' },
  'message.deleted': { status: 410, title: 'The message was deleted' },
  'message.too_many_mentions': { status: 400, title: 'The message mentions too many people' },
  'message.slow_mode': { status: 429, title: 'The channel is in slow mode' },
  'thread.not_found': { status: 404, title: 'There is no such thread in this channel' },
  'channel.read_only': { status: 403, title: 'Only some may post in this channel' },
  'message.id_reused': { status: 409, title: 'This clientMessageId was used for another message' },
  'image.not_found': { status: 404, title: 'There is no such image' },
  'image.unsupported': { status: 400, title: 'This is not a PNG, JPEG, GIF or WebP image' },
  'image.too_large': { status: 400, title: 'The image has too many pixels or bytes for this' },
  'image.quota_exceeded': { status: 409, title: 'You have uploaded too many images' },
  'draft.too_many': { status: 409, title: 'You have too many drafts' },
  'stream.too_many': { status: 429, title: 'Too many event streams are open' },
  rate_limited: { status: 429, title: 'Too many requests' },
  overloaded: { status: 503, title: 'The service is overloaded' },
  unavailable: { status: 503, title: 'A service this needs is not available' },
  internal: { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;
export const problemCodes = Object.keys(problems) as ProblemCode[];

/** The body of every error reply, `application/problem+json` (RFC 9457). */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  code: z.enum(problemCodes as [ProblemCode, ...ProblemCode[]]),
  traceId: z.string(),
  /** With `auth.two_factor_required`: what `POST /auth/two-factor` wants with the code. Works once, for minutes. */
  challenge: z.string().optional(),
  /** RFC 6901 JSON pointers into the request: `/text`, `/query/limit`, `/path/channelId`. */
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;
