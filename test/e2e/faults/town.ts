import type { CreatedInvite, MyChannel, MyWorkspace } from '#contracts';
import type { PersonRecord } from './history.ts';
import { Person } from './person.ts';

export interface Room {
  readonly id: string;
  readonly name: string;
  readonly memberIds: readonly string[];
}

/** Who takes part in a trial, and where they meet. */
export interface Town {
  readonly workspaceId: string;
  /** Owner, and in every channel. */
  readonly ada: Person;
  readonly bob: Person;
  readonly cat: Person;
  /** Put into the vault and removed from it all the time. */
  readonly eve: Person;
  /** Joins the plaza and leaves it. */
  readonly mal: Person;
  /** Removed from the workspace and let in again. */
  readonly tim: Person;
  /** A guest, in the plaza only. */
  readonly gus: Person;
  /** Has an account and no business here. */
  readonly sam: Person;
  /** Everyone but guests. */
  readonly general: Room;
  readonly plaza: Room;
  /** Private. */
  readonly vault: Room;
}

export const peopleOf = ({ ada, bob, cat, eve, mal, tim, gus, sam }: Town): Person[] => [
  ada,
  bob,
  cat,
  eve,
  mal,
  tim,
  gus,
  sam,
];

export const roleOf = ({ ada, gus, sam }: Town, person: Person): PersonRecord['role'] => {
  if (person === ada) return 'owner';
  if (person === gus) return 'guest';
  return person === sam ? 'stranger' : 'member';
};

const invite = (owner: Person, workspaceId: string, more: object = {}): Promise<CreatedInvite> =>
  owner.must(`POST /workspaces/${workspaceId}/invites`, more);

/** However long it takes: whether it should have taken that long is not judged here. */
export const inviteAgain = async ({ ada, workspaceId }: Town): Promise<string> => {
  for (;;) {
    const outcome = await ada.insist<CreatedInvite>(`POST /workspaces/${workspaceId}/invites`, {});
    if (outcome.kind === 'done') return outcome.body.token;
    if (outcome.kind === 'refused') throw new Error(`Ada may not invite: ${outcome.code}`);
  }
};

export const settle = async (url: string): Promise<Town> => {
  const people: Person[] = [];
  // One after the other: hashing a password is dear.
  for (const name of ['Ada', 'Bob', 'Cat', 'Eve', 'Mal', 'Tim', 'Gus', 'Sam'])
    people.push(await Person.register(url, name));
  const [ada, bob, cat, eve, mal, tim, gus, sam] = people as [Person, ...Person[]] as [
    Person,
    Person,
    Person,
    Person,
    Person,
    Person,
    Person,
    Person,
  ];
  const { id: workspaceId } = await ada.must<MyWorkspace>('POST /workspaces', { name: 'Town' });
  const full = [bob, cat, eve, mal, tim];
  const { token } = await invite(ada, workspaceId);
  for (const person of full) await person.must(`POST /invites/${token}/accept`);
  const open = async (name: string, kind: 'public' | 'private', members: Person[]): Promise<Room> => {
    const { channel } = await ada.must<MyChannel>(`POST /workspaces/${workspaceId}/channels`, { name, kind });
    const userIds = members.map(({ id }) => id);
    await ada.must(`POST /channels/${channel.id}/members/batch`, { userIds });
    return { id: channel.id, name, memberIds: [ada.id, ...userIds] };
  };
  const plaza = await open('plaza', 'public', [bob, cat]);
  const vault = await open('vault', 'private', [bob, cat]);
  const forGuests = await invite(ada, workspaceId, { role: 'guest', channelIds: [plaza.id] });
  await gus.must(`POST /invites/${forGuests.token}/accept`);
  const [first] = (await ada.bootstrap(workspaceId)).channels.filter(({ channel }) => channel.isDefault);
  const general = {
    id: first?.channel.id ?? '',
    name: 'general',
    memberIds: [ada, ...full].map(({ id }) => id),
  };
  return {
    ...{ workspaceId, ada, bob, cat, eve, mal, tim, gus, sam, general, vault },
    plaza: { ...plaza, memberIds: [...plaza.memberIds, gus.id] },
  };
};
