import type { View } from '#client';
import type {
  Bootstrap,
  CustomEmoji,
  DirectInvitation,
  Draft,
  Group,
  Invite,
  ListedSavedItem,
  Message,
  Page,
  Preferences,
  Reminder,
  Role,
  ScheduledMessage,
  ThreadMembership,
} from '#contracts';
import type { Person } from '../running-chat.js';
import type { World } from './world.js';

const byId = <Value>(values: readonly Value[], id: (value: Value) => string): Record<string, Value> =>
  Object.fromEntries(values.map((value) => [id(value), value]));

/**
 * Everything a person knows, as the server tells it now; messages of the channels that are `opened`, and
 * threads that were known before also when all their replies are gone.
 */
export const fetchView = async (
  world: World,
  person: Person,
  { opened, threads: known }: Pick<View, 'opened' | 'threads'>,
): Promise<View> => {
  const { chat, workspaceId } = world;
  const get = async <Body>(path: string): Promise<Body | null> => {
    const reply = await chat.call<Body>(`GET ${path}`, { token: person.token });
    return reply.status === 200 ? reply.body : null;
  };
  const list = async <Item>(path: string): Promise<Item[]> =>
    (await get<Page<Item>>(`${path}${path.includes('?') ? '&' : '?'}limit=200`))?.data ?? [];
  const within = `/workspaces/${workspaceId}`;
  const bootstrap = (await get<Bootstrap>(`${within}/bootstrap`)) as Bootstrap;
  const { permissions: _, ...workspace } = bootstrap.workspace;
  const channels = byId(bootstrap.channels, (my) => my.channel.id);
  const mine = opened.filter((id) => id in channels);
  const messages: Message[] = [];
  const threads: ThreadMembership[] = [];
  for (const id of mine) {
    const shown = await list<Message>(`/channels/${id}/messages`);
    messages.push(...shown);
    for (const root of shown.filter(({ id: root, thread, movedTo }) => thread ?? movedTo ?? root in known)) {
      messages.push(...(await list<Message>(`/messages/${root.id}/thread`)));
      const membership = root.movedTo ? null : await get<ThreadMembership>(`/messages/${root.id}/follow`);
      if (membership) threads.push(membership);
    }
  }
  const directs = bootstrap.channels.filter(({ channel }) => channel.kind === 'direct');
  const invitations = await Promise.all(
    directs.map(({ channel }) => list<DirectInvitation>(`/channels/${channel.id}/direct-invitations`)),
  );
  const saved = [
    ...(await list<ListedSavedItem>(`${within}/saved?done=false`)),
    ...(await list<ListedSavedItem>(`${within}/saved?done=true`)),
  ];
  const reminders = [
    ...(await list<Reminder>(`${within}/reminders`)),
    ...(await list<Reminder>(`${within}/reminders?state=completed`)),
  ];
  return {
    me: bootstrap.me,
    preferences: (await get<Preferences>('/me/preferences')) as Preferences,
    workspace,
    roles: await rolesOf(get, within),
    members: byId(bootstrap.members, (member) => member.user.id),
    channels,
    sidebar: bootstrap.sidebar,
    messages: byId(messages, (message) => message.id),
    opened: mine,
    threads: byId(threads, (thread) => thread.threadId),
    groups: byId((await get<Page<Group>>(`${within}/groups`))?.data ?? [], (group) => group.id),
    emoji: byId(await list<CustomEmoji>(`${within}/emoji`), (emoji) => emoji.id),
    drafts: byId(await list<Draft>(`${within}/drafts`), (draft) => draft.id),
    savedItems: byId(
      saved.map(({ item }) => item),
      (item) => item.messageId,
    ),
    scheduledMessages: byId(
      await list<ScheduledMessage>(`${within}/scheduled-messages`),
      (message) => message.id,
    ),
    reminders: byId(reminders, (reminder) => reminder.id),
    directInvitations: byId(invitations.flat(), (invitation) => invitation.id),
    invites: byId(await list<Invite>(`${within}/invites`), (invite) => invite.id),
    stale: false,
    ended: false,
  };
};

const rolesOf = async (get: <Body>(path: string) => Promise<Body | null>, within: string): Promise<Role[]> =>
  (await get<{ data: Role[] }>(`${within}/roles`))?.data ?? [];
