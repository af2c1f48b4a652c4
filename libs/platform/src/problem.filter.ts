import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problems, type ChannelId, type Problem, type ProblemCode } from '#contracts';
import { DomainError } from './domain-error.js';
import type { Logger } from './logger.js';
import { activeTraceId } from './telemetry.js';
import type { PointedError } from './validation.pipe.js';

const codeByFastifyCode: Record<string, ProblemCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.unsupported_media_type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request.malformed',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request.malformed',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request.malformed',
};
const codeByStatus: Record<number, ProblemCode> = {
  400: 'request.malformed',
  401: 'auth.unauthenticated',
  403: 'permission.denied',
  404: 'route.not_found',
  413: 'request.too_large',
  415: 'request.unsupported_media_type',
  429: 'rate_limited',
  503: 'unavailable',
};

/** The code of anything thrown; `internal` for what we did not foresee. */
export const problemCodeOf = (error: unknown): ProblemCode => {
  if (error instanceof DomainError) return (error as DomainError).code;
  if (error instanceof HttpException) return codeByStatus[error.getStatus()] ?? 'internal';
  // Anything can be thrown, null too.
  const { code, statusCode } = (error ?? {}) as { code?: string; statusCode?: number };
  if (code && code in codeByFastifyCode) return codeByFastifyCode[code] as ProblemCode;
  if (error instanceof SyntaxError && statusCode === 400) return 'request.malformed';
  return (statusCode !== undefined && codeByStatus[statusCode]) || 'internal';
};

/** RFC 9457 body of an error. */
export const problemBody = (
  code: ProblemCode,
  traceId: string,
  params: Readonly<Record<string, unknown>> = {},
): Problem => {
  const { errors, detail, challenge, scope, channelId } = params as {
    errors?: PointedError[];
    detail?: string;
    challenge?: string;
    scope?: string;
    channelId?: ChannelId;
  };
  return {
    type: `urn:parley:problem:${code}`,
    ...problems[code],
    ...(detail ? { detail } : {}),
    code,
    traceId,
    ...(challenge ? { challenge } : {}),
    ...(scope ? { scope } : {}),
    ...(channelId ? { channelId } : {}),
    ...(errors ? { errors } : {}),
  };
};

/** Renders whatever was thrown as problem+json, and logs what was not foreseen. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): unknown {
    if (host.getType() !== 'http') throw error;
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const code = problemCodeOf(error);
    const traceId = activeTraceId() ?? request.id;
    if (problems[code].status >= 500) {
      this.logger.error(
        {
          err: error,
          requestId: request.id,
          traceId,
          method: request.method,
          route: request.routeOptions?.url,
        },
        code,
      );
    }
    if (reply.sent) return undefined;
    const params = error instanceof DomainError ? error.params : {};
    const { status } = problems[code];
    if (status === 429 || status === 503) {
      const { retryAfter = 1 } = params as { retryAfter?: number };
      reply.header('retry-after', String(retryAfter));
    }
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    return reply
      .status(status)
      .type('application/problem+json')
      .send(problemBody(code, traceId, params));
  }
}
