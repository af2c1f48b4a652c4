import { Injectable } from '@nestjs/common';
import type { PostingReply, PostingRequest, PostingVerdict } from '#contracts';
import { AccessService, type ChannelAccess } from '../access/access.service.js';
import { clear } from './posting.js';

const verdictOn = (channel: ChannelAccess | null): PostingVerdict => {
  if (!channel) return { refused: 'channel.not_found' };
  if (!channel.channelRole) return { refused: 'channel.not_member' };
  if (channel.archivedAt) return { refused: 'channel.archived' };
  if ('code' in clear(channel, false)) return { refused: 'channel.read_only' };
  return { workspaceId: channel.workspaceId };
};

/** Whether people may write in channels, without their writing anything. */
@Injectable()
export class PostingService {
  constructor(private readonly access: AccessService) {}

  async judge({ pairs }: PostingRequest): Promise<PostingReply> {
    const channels = await Promise.all(
      pairs.map(({ userId, channelId }) => this.access.findChannel({ userId }, channelId)),
    );
    return { verdicts: channels.map(verdictOn) };
  }
}
