import { Device as Follower, recount, type Badge } from '../../../../apps/chat/test/badges.ts';
import type { DeviceRecord, Heard, PersonState } from '../history.ts';
import type { Ledger } from '../ledger.ts';

type Badges = Readonly<Record<string, Badge>>;

const NONE: Badge = { unread: 0, mentions: 0 };
const words = ({ unread, mentions }: Badge) => `${unread} unread (${mentions} mentions)`;
const same = (a: Badge, b: Badge) => a.unread === b.unread && a.mentions === b.mentions;

const badgesOf = ({ badges }: PersonState): Badges =>
  Object.fromEntries(badges.map(({ channelId, unread, mentions }) => [channelId, { unread, mentions }]));

/** The badges that everybody is told are those that anybody would count in the history. */
export const badgesAreRight = (ledger: Ledger): string[] =>
  ledger.history.end.people.flatMap((state) =>
    state.channels.flatMap((my) => {
      const shown = ledger.history.end.messages.filter(
        ({ channelId, ordinal }) => channelId === my.channel.id && ordinal !== undefined,
      );
      const counted = recount(my, shown, state.personId);
      const said = badgesOf(state)[my.channel.id] ?? NONE;
      if (same(counted, said)) return [];
      return [
        `${ledger.name(state.personId)} is told ${words(said)} in ${ledger.room(my.channel.id)}, and it is ${words(counted)}`,
      ];
    }),
  );

/** What a device knows from its first state and what it heard since. */
const follow = ({ personId, heard }: DeviceRecord, ledger: Ledger): Follower | null => {
  let follower: Follower | null = null;
  const known: Extract<Heard, { kind: 'event' }>[] = [];
  const hear = (position: number) => {
    const entry = ledger.entries.get(position);
    if (entry) follower?.hear(entry.event);
  };
  for (const one of heard) {
    if (one.kind === 'event') {
      known.push(one);
      hear(one.position);
    } else if (one.kind === 'state') {
      follower = new Follower(personId, { channels: [...one.channels] });
      // What came while the state was being fetched may be newer than it.
      for (const { position } of known) if (position > one.cursor) hear(position);
    }
  }
  return follower;
};

/** What each device counts from its events is what the API says. */
export const devicesAgree = (ledger: Ledger): string[] =>
  ledger.history.devices.flatMap((device) => {
    const state = ledger.history.end.people.find(({ personId }) => personId === device.personId);
    const follower = follow(device, ledger);
    if (!state || !follower) return [];
    const said = badgesOf(state);
    return state.channels.flatMap(({ channel }) => {
      const [own, told] = [follower.badges[channel.id] ?? NONE, said[channel.id] ?? NONE];
      if (same(own, told)) return [];
      return [
        `${device.name} shows ${words(own)} in ${ledger.room(channel.id)}, and the API says ${words(told)}`,
      ];
    });
  });
