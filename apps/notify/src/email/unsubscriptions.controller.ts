import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { routes } from '#contracts';
import { Public } from '#platform';
import { stringsAccepted } from './mail-strings.js';
import { PAGE_HEADERS, questionPage, stoppedPage } from './unsubscribe-page.js';
import { UnsubscriptionsService } from './unsubscriptions.service.js';

const HTML = 'text/html; charset=utf-8';
const { params } = routes.askEmailUnsubscription;

@Controller('api/v1/email-unsubscriptions/:token')
export class UnsubscriptionsController {
  constructor(private readonly unsubscriptions: UnsubscriptionsService) {}

  @Public()
  @Get()
  ask(
    @Param({ schema: params }) { token }: { token: string },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    this.unsubscriptions.check(token);
    void reply.headers(PAGE_HEADERS).type(HTML);
    return questionPage(stringsAccepted(reply.request.headers['accept-language']));
  }

  /** By the form of the page, or by a mail program (RFC 8058): both say the same. */
  @Public()
  @Post()
  @HttpCode(200)
  async stop(
    @Param({ schema: params }) { token }: { token: string },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    await this.unsubscriptions.stop(token);
    void reply.headers(PAGE_HEADERS).type(HTML);
    return stoppedPage(stringsAccepted(reply.request.headers['accept-language']));
  }
}
