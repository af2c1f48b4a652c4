import { describe, expect, it } from '@jest/globals';
import { aMessageCreated } from '#testing';
import type { ChatConfig } from '../config.js';
import type { Jobs } from '../jobs/jobs.service.js';
import { LinkPreviewsHandler } from './link-previews.handler.js';
import type { LinkPreviewsService } from './link-previews.service.js';
import type { PreviewFinder } from './preview-finder.js';

/** How many messages are planned for when the setting is so. */
const planned = async (enabled: boolean): Promise<number> => {
  let plans = 0;
  const service = { plan: async () => void (plans += 1) } as unknown as LinkPreviewsService;
  const config = { linkPreviews: { enabled } } as ChatConfig;
  const jobs = { work: () => undefined } as unknown as Jobs;
  const handler = new LinkPreviewsHandler(service, {} as PreviewFinder, config, jobs);
  await handler.created(aMessageCreated());
  return plans;
};

describe('following messages', () => {
  it('looks up links unless LINK_PREVIEWS says otherwise', async () => {
    expect([await planned(true), await planned(false)]).toEqual([1, 0]);
  });
});
