import { z } from 'zod';
import { InviteToken } from '../http/workspaces.js';
import {
  ChannelId,
  DirectInvitationId,
  InviteId,
  MessageId,
  RoleId,
  SectionId,
  SessionId,
  UserId,
  WorkspaceId,
} from '../ids.js';
import type { ProblemCode } from '../problem.js';
import type { Tag } from '../tags.js';
import type { Access } from './access.js';

export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, parameters as `:name`. */
  path: string;
  service: 'chat' | 'notify' | 'analytics';
  tag: Tag;
  summary: string;
  /** What becomes of each kind of caller; a test walks every route with each of them. */
  access: Access;
  /** Largest request body in bytes, when it is not the ordinary 64 KiB. */
  maxBodyBytes?: number;
  /** Media types of the request body, when it is not JSON. */
  consumes?: readonly string[];
  /** The body is handed on as it arrives, and never in memory as a whole. */
  streamed?: true;
  /** Media types of the reply, when it is not JSON. */
  produces?: readonly string[];
  /** False for routes that need no token. */
  auth?: false;
  /** May be opened by `?ticket=` instead of a token. */
  ticket?: true;
  /** What a personal access token needs, where the method doesn't tell. */
  scope?: 'read' | 'write';
  params?: z.ZodObject;
  query?: z.ZodType;
  body?: z.ZodType;
  status: number;
  /** Absent: no body, or one of `produces`. `text/event-stream` is marked by `stream`. */
  response?: z.ZodType;
  stream?: true;
  /** Beyond those every route can give. */
  errors: ProblemCode[];
};

const w = z.strictObject({ workspaceId: WorkspaceId });
const c = z.strictObject({ channelId: ChannelId });
const m = z.strictObject({ messageId: MessageId });
const wu = z.strictObject({ workspaceId: WorkspaceId, userId: UserId });
const cu = z.strictObject({ channelId: ChannelId, userId: UserId });
const wr = z.strictObject({ workspaceId: WorkspaceId, roleId: RoleId });
const wi = z.strictObject({ workspaceId: WorkspaceId, inviteId: InviteId });
const cd = z.strictObject({ channelId: ChannelId, invitationId: DirectInvitationId });
const wsection = z.strictObject({ workspaceId: WorkspaceId, sectionId: SectionId });
const s = z.strictObject({ sessionId: SessionId });
const u = z.strictObject({ userId: UserId });
const i = z.strictObject({ token: InviteToken });
export const params = { w, wr, c, m, wu, cu, wi, cd, wsection, s, u, i };
