import { Injectable } from '@nestjs/common';
import type { NoticesReply, NoticesRequest } from '#contracts';
import { NoticesRepository } from './notices.repository.js';
import { namedIn, previewOf } from './preview.js';

/** What notifications tell. Asked when they are sent, so that they tell nothing that is over by then. */
@Injectable()
export class NoticesService {
  constructor(private readonly repository: NoticesRepository) {}

  async describe({ notices: asked }: NoticesRequest): Promise<NoticesReply> {
    const [rows, recipients] = await Promise.all([
      this.repository.notices(asked),
      this.repository.recipients([...new Set(asked.map(({ userId }) => userId))]),
    ]);
    const names = await this.repository.names([...new Set(rows.flatMap(({ text }) => namedIn(text)))]);
    const notices: NoticesReply['notices'] = asked.map(() => null);
    for (const { ord, text, ...where } of rows)
      notices[ord - 1] = { ...where, preview: previewOf(text, names) };
    return { notices, recipients };
  }
}
