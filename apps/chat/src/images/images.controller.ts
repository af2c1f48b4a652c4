import { Controller, Get, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { routes, type Image, type ImageId } from '#contracts';
import { Caller, RawBody, type Principal } from '#platform';
import { ImagesService } from './images.service.js';

/** A browser must take it for an image and nothing else, whatever its bytes are; and may keep it for good. */
const HEADERS = {
  'cache-control': 'private, max-age=31536000, immutable',
  'content-disposition': 'inline',
  'content-security-policy': "sandbox; default-src 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

@Controller('images')
export class ImagesController {
  constructor(private readonly images: ImagesService) {}

  @Post()
  upload(@Caller() caller: Principal, @RawBody() bytes: Buffer): Promise<Image> {
    return this.images.upload(caller, bytes);
  }

  @Get(':imageId')
  async read(
    @Caller() caller: Principal,
    @Param({ schema: routes.getImage.params }) { imageId }: { imageId: ImageId },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const { type, bytes } = await this.images.read(caller, imageId);
    void reply.headers(HEADERS).type(type);
    return bytes;
  }
}
