import { z } from 'zod';
import { GroupId, StreamCursor } from '../ids.js';
import { ActivityTotals } from './activity.js';
import { Me } from './accounts.js';
import { MyChannel } from './channels.js';
import { Sidebar } from './sidebar.js';
import { ThreadTotals } from './threads.js';
import { Member } from './members.js';
import { MyWorkspace } from './workspaces.js';

/** Everything a client needs to draw a workspace, and the cursor from which the stream continues it. */
export const Bootstrap = z.object({
  me: Me,
  workspace: MyWorkspace,
  channels: z.array(MyChannel),
  sidebar: Sidebar,
  threads: ThreadTotals,
  activity: ActivityTotals,
  /** The groups whose mention calls me. */
  groupIds: z.array(GroupId),
  /** The first members; the rest through `GET …/members?cursor=`. */
  members: z.array(Member),
  membersNextCursor: z.string().nullable(),
  eventsUrl: z.string(),
  /** Null while the bus is down: connect without it and fetch again on `stream.ready`. */
  cursor: StreamCursor.nullable(),
});
export type Bootstrap = z.infer<typeof Bootstrap>;
