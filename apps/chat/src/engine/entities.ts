import { RefreshToken } from '../accounts/refresh-token.entity.js';
import { Session } from '../accounts/session.entity.js';
import { User } from '../accounts/user.entity.js';
import { Channel } from '../channels/channel.entity.js';
import { ChannelMember } from '../channels/channel-member.entity.js';
import { Invite } from '../invites/invite.entity.js';

/** Every table that is read or written through TypeORM. */
export const entities = [User, Session, RefreshToken, Invite, Channel, ChannelMember];
