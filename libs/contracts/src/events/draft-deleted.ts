import { z } from 'zod';
import { ChannelId, DraftId, MessageId } from '../ids.js';
import { event } from './envelope.js';

/** To all devices of its author. What is begun in the same place afterwards is another draft. */
export const DraftDeleted = event(
  'draft.deleted',
  z.object({ draftId: DraftId, channelId: ChannelId, threadId: MessageId.nullable() }),
);
export type DraftDeleted = z.infer<typeof DraftDeleted>;
