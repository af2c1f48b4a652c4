import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bootstrap, CreatedInvite, EmailInvites, Invite, Page, WorkspaceRole } from '#contracts';
import { eventually, newId } from '#testing';
import { RunningChat, type Person } from './running-chat.js';

describe('invites', () => {
  let chat: RunningChat;
  let ada: Person;
  let bob: Person;
  let w: string;
  let room: string;
  const call = <T = unknown>(person: Person, route: string, body?: unknown) =>
    chat.call<T>(route, { token: person.token, ...(body === undefined ? {} : { body }) });
  const invite = (by: Person, body: object) => call<CreatedInvite>(by, `POST /workspaces/${w}/invites`, body);
  const mail = (by: Person, body: object) =>
    call<EmailInvites>(by, `POST /workspaces/${w}/invites/emails`, body);
  const accept = (who: Person, token: string) => call<{ role: string }>(who, `POST /invites/${token}/accept`);
  const give = (who: Person, role: WorkspaceRole) =>
    call(ada, `PATCH /workspaces/${w}/members/${who.id}`, { role });
  const channelsOf = async (person: Person) =>
    (await call<Bootstrap>(person, `GET /workspaces/${w}/bootstrap`)).body.channels.map(
      ({ channel }) => channel.id,
    );
  const linkIn = async (address: string, nth = 0) =>
    eventually(async () => {
      const token = /\/invite\/([\w-]+)/.exec((await chat.mailsTo(address))[nth]?.text ?? '')?.[1];
      expect(token).toBeDefined();
      return token as string;
    });

  beforeAll(async () => {
    chat = await RunningChat.start();
    [ada, bob] = [await chat.person('Ada'), await chat.person('Bob')];
    w = (await chat.workspace(ada)).id;
    await chat.invite(ada, w, bob);
    room = await chat.channel(ada, w, 'private');
  });
  afterAll(() => chat.stop());

  it('make guests of people, in the channels they name and in no other', async () => {
    const [gus, solo] = [await chat.person('Gus'), await chat.person('Solo')];
    const other = await chat.channel(ada, w);
    const { body: several } = await invite(ada, { role: 'guest', channelIds: [room, other, room] });
    expect(several.channelIds).toEqual([room, other]);
    expect((await accept(gus, several.token)).body.role).toBe('guest');
    expect((await channelsOf(gus)).sort()).toEqual([room, other].sort());
    const { body: one } = await invite(ada, { role: 'single_channel_guest', channelIds: [room] });
    expect((await accept(solo, one.token)).body.role).toBe('single_channel_guest');
    expect(await channelsOf(solo)).toEqual([room]);
  });

  it('put members into the default channels and those they name', async () => {
    const mia = await chat.person('Mia');
    const { body } = await invite(ada, { channelIds: [room] });
    await accept(mia, body.token);
    expect(await channelsOf(mia)).toHaveLength(2);
    expect(await channelsOf(mia)).toContain(room);
  });

  it('lead whoever follows theirs again to where they are, also when it is used up', async () => {
    const [noa, late] = [await chat.person('Noa'), await chat.person('Late')];
    const { body } = await invite(ada, { maxUses: 1 });
    for (let time = 0; time < 2; time++) expect((await accept(noa, body.token)).status).toBe(200);
    expect((await accept(late, body.token)).body.code).toBe('invite.expired');
  });

  it('lead into no channel that their maker is not in', async () => {
    for (const id of [room, newId.channel()]) {
      const { body } = await invite(bob, { role: 'guest', channelIds: [id] });
      expect([body.code, body.errors?.[0]?.pointer]).toEqual(['channel.not_found', '/channelIds/0']);
    }
    expect((await invite(ada, { role: 'guest' })).body.errors?.[0]?.pointer).toBe('/channelIds');
    expect((await invite(ada, { role: 'admin' })).body.errors?.[0]?.pointer).toBe('/role');
  });

  it('are worth what their maker may do when they are used', async () => {
    const [late, later] = [await chat.person('Late'), await chat.person('Later')];
    const { body } = await invite(bob, {});
    await give(bob, 'guest');
    expect((await accept(late, body.token)).body.code).toBe('invite.expired');
    expect((await chat.call(`GET /invites/${body.token}`)).body.code).toBe('invite.expired');
    await give(bob, 'member');
    expect((await accept(late, body.token)).status).toBe(200);
    await call(ada, `PATCH /workspaces/${w}`, { whoMay: { invite: 'admins' } });
    expect((await accept(later, body.token)).body.code).toBe('invite.expired');
    await call(ada, `PATCH /workspaces/${w}`, { whoMay: { invite: 'everyone' } });
  });

  it('go by mail with a verdict for each address, and work once', async () => {
    const [new1, new2] = [`new1-${Date.now()}@example.org`, `new2-${Date.now()}@example.org`];
    const { body } = await mail(ada, {
      emails: [new1, ` ${new2.toUpperCase()} `, new1, 'nobody', bob.email],
      role: 'guest',
      channelIds: [room],
    });
    expect(body.verdicts.map(({ verdict }) => verdict)).toEqual([
      'invited',
      'invited',
      'duplicate',
      'invalid',
      'already_member',
    ]);
    expect(body.verdicts[1]?.invite).toMatchObject({ email: new2, maxUses: 1, role: 'guest' });
    const token = await linkIn(new1);
    const [mailed] = await chat.mailsTo(new1);
    expect(mailed?.subject).toBe('Ada invites you to Acme');
    const people = [await chat.person('N1'), await chat.person('N2')];
    const replies = await Promise.all(people.map((person) => accept(person, token)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 410]);
    const subjects = (await chat.mailsTo(bob.email)).map(({ subject }) => subject);
    expect(subjects.filter((subject) => subject.includes('invites you'))).toEqual([]);
  });

  it('by mail take the place of an older one for the same address', async () => {
    const address = `again-${Date.now()}@example.org`;
    const first = (await mail(ada, { emails: [address] })).body.verdicts[0]?.invite as Invite;
    const old = await linkIn(address);
    const second = (await mail(bob, { emails: [address] })).body.verdicts[0]?.invite as Invite;
    const person = await chat.person('Again');
    const token = await linkIn(address, 1);
    expect((await accept(person, old)).body.code).toBe('invite.expired');
    expect((await accept(person, token)).status).toBe(200);
    await eventually(async () => {
      const told = (await chat.events(w)).flatMap((event): [string, string][] => {
        if (event.type === 'invite.revoked') return [[event.type, event.data.inviteId]];
        if (event.type !== 'invite.created' && event.type !== 'invite.used') return [];
        return [[event.type, event.data.invite.id]];
      });
      expect(told.filter(([, id]) => id === first.id || id === second.id)).toEqual([
        ['invite.created', first.id],
        ['invite.revoked', first.id],
        ['invite.created', second.id],
        ['invite.used', second.id],
      ]);
    });
    const subjects = (await chat.subjects(w)).filter((subject) => subject.includes('.invite.'));
    expect([...new Set(subjects)].sort()).toEqual(
      ['created', 'revoked', 'used'].map((what) => `admins.${w}.invite.${what}`),
    );
  });

  it('do not fill a mailbox: five an hour to an address', async () => {
    const address = `flood-${Date.now()}@example.org`;
    const verdicts: (string | undefined)[] = [];
    for (let n = 0; n < 6; n++)
      verdicts.push((await mail(ada, { emails: [address] })).body.verdicts[0]?.verdict);
    expect(verdicts).toEqual([...Array<string>(5).fill('invited'), 'throttled']);
  });

  it('are made by those who may, for a hundred addresses at most', async () => {
    const guest = await chat.person('G');
    await chat.invite(ada, w, guest);
    await give(guest, 'guest');
    expect((await mail(guest, { emails: ['x@example.org'] })).body.code).toBe('permission.denied');
    const emails = Array.from({ length: 101 }, (_, n) => `x${n}@example.org`);
    expect((await mail(ada, { emails })).body.errors?.[0]?.pointer).toBe('/emails');
    expect((await mail(ada, { emails: [] })).body.errors?.[0]?.pointer).toBe('/emails');
  });

  it('are listed for admins while they work, and revoked by their makers and admins', async () => {
    const { body: made } = await invite(bob, {});
    const listed = async () =>
      (await call<Page<Invite>>(ada, `GET /workspaces/${w}/invites`)).body.data.map(({ id }) => id);
    expect(await listed()).toContain(made.id);
    const eve = await chat.person('Eve');
    await chat.invite(ada, w, eve);
    const revoke = (by: Person, id: string = made.id) => call(by, `DELETE /workspaces/${w}/invites/${id}`);
    expect((await revoke(eve)).body.code).toBe('permission.denied');
    expect((await revoke(ada, newId.message())).body.code).toBe('invite.not_found');
    expect((await revoke(bob)).status).toBe(204);
    expect((await revoke(ada)).status).toBe(204);
    expect(await listed()).not.toContain(made.id);
  });
});
