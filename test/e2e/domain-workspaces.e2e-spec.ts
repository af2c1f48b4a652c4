import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  BulkVerdicts,
  CreatedInvite,
  EmailInvites,
  Image,
  JoinableWorkspace,
  Member,
  MyWorkspace,
  Page,
  Role,
} from '#contracts';
import type { EventStream } from '#testing';
import { png } from '../../apps/chat/test/pictures.js';
import { nextEvent, RunningParley, type Person } from './running-parley.js';

describe('people come into a workspace, are given roles, and go, through the gateway', () => {
  let parley: RunningParley;
  let ada: Person;
  let bob: Person;
  let w: string;
  let general: string;
  beforeAll(async () => {
    parley = await RunningParley.start();
    ({ ada, bob, workspaceId: w, channelId: general } = await parley.team());
  }, 120_000);
  afterAll(() => parley?.stop(), 60_000);

  const at = (path = '') => `/workspaces/${w}${path}`;
  const invite = async (body: object) => (await ada.call<CreatedInvite>(`POST ${at('/invites')}`, body)).body;
  const accept = (person: Person, token: string) => person.call<MyWorkspace>(`POST /invites/${token}/accept`);
  const channelsOf = async (person: Person) =>
    (await person.bootstrap(w)).channels.map(({ channel }) => channel.id).sort();
  const newcomer = async (name: string) => {
    const person = await parley.person(name);
    await parley.admit(ada, w, person);
    return person;
  };
  const joinedWorkspace = (stream: EventStream, person: Person) =>
    stream.next((frame) => {
      if (frame.event !== 'member.joined') return false;
      const { data } = JSON.parse(frame.data) as {
        data: { user: { id: string }; channel: { id: string } | null };
      };
      return data.user.id === person.id && data.channel === null;
    }, 10_000);

  it('a link lets in as many as it says, until it is revoked', async () => {
    const stream = await bob.listen(w);
    const [cat, dan, eve] = await Promise.all(['Cat', 'Dan', 'Eve'].map((name) => parley.person(name)));
    const once = await invite({ maxUses: 1, expiresInHours: 1 });
    const { body: preview } = await parley.call(`GET /invites/${once.token}`);
    expect(preview).toMatchObject({ workspaceName: 'Acme', invitedBy: 'Ada' });
    expect((await accept(cat as Person, once.token)).body.role).toBe('member');
    await joinedWorkspace(stream, cat as Person);
    expect((await accept(dan as Person, once.token)).body.code).toBe('invite.expired');
    const open = await invite({});
    expect((await ada.call(`DELETE ${at(`/invites/${open.id}`)}`)).status).toBe(204);
    expect((await accept(eve as Person, open.token)).body.code).toBe('invite.expired');
    await stream.close();
  });

  it('a mail leads in whom it was sent to, with a verdict for each address', async () => {
    const fred = await parley.person('Fred');
    const { body } = await ada.call<EmailInvites>(`POST ${at('/invites/emails')}`, {
      emails: [fred.email, 'nobody', fred.email],
    });
    expect(body.verdicts.map(({ verdict }) => verdict)).toEqual(['invited', 'invalid', 'duplicate']);
    const mail = await parley.mailed(fred.email, 'Ada invites you to Acme');
    const token = /\/invite\/([\w-]+)/.exec(mail.text)?.[1] as string;
    expect((await accept(fred, token)).body.role).toBe('member');
    const again = await ada.call<EmailInvites>(`POST ${at('/invites/emails')}`, { emails: [fred.email] });
    expect(again.body.verdicts[0]?.verdict).toBe('already_member');
  });

  it('whoever has proved an address of an allowed domain joins, and nobody else', async () => {
    const [gus, hal] = [await parley.person('Gus'), await parley.person('Hal')];
    await ada.call(`PATCH ${at()}`, { allowedDomains: ['example.org'] });
    expect((await gus.call(`POST ${at('/join')}`)).body.code).toBe('workspace.not_found');
    await parley.verify(gus);
    const { body } = await gus.call<Page<JoinableWorkspace>>('GET /workspaces/joinable');
    expect(body.data.map(({ id }) => id)).toEqual([w]);
    expect((await gus.call<MyWorkspace>(`POST ${at('/join')}`)).body.role).toBe('member');
    await ada.call(`PATCH ${at()}`, { allowedDomains: [] });
    await parley.verify(hal);
    expect((await hal.call(`POST ${at('/join')}`)).body.code).toBe('workspace.not_found');
  });

  it('guests see their channels and nothing beside them; of one channel, only that one', async () => {
    const [one, two] = [await ada.channel(w), await ada.channel(w)];
    const [guest, single] = [await parley.person('Guest'), await parley.person('Single')];
    const many = await invite({ role: 'guest', channelIds: [one, two] });
    const only = await invite({ role: 'single_channel_guest', channelIds: [one] });
    expect((await accept(guest, many.token)).body.role).toBe('guest');
    expect((await accept(single, only.token)).body.role).toBe('single_channel_guest');
    expect(await channelsOf(guest)).toEqual([one, two].sort());
    expect(await channelsOf(single)).toEqual([one]);
    expect((await guest.call(`GET /channels/${general}`)).body.code).toBe('channel.not_found');
    expect((await guest.call(`GET /users/${bob.id}`)).body.code).toBe('user.not_found');
    const third = await ada.call(`POST /channels/${two}/members`, { userId: single.id });
    expect(third.body.code).toBe('member.single_channel');
    const stream = await single.listen(w);
    await ada.send(general, 'not for guests');
    await ada.send(two, 'not for this one');
    await guest.send(one, 'for both');
    expect((await nextEvent(stream, 'message.created')).event.data.message.text).toBe('for both');
    await stream.close();
  });

  it('of two who change the settings, the second is told to look again; all see them at once', async () => {
    const stream = await bob.listen(w);
    const { body: icon } = await ada.upload<Image>('/images', png(), 'image/png');
    const { headers } = await ada.call(`GET ${at()}`);
    const patch = (body: object) =>
      parley.call<MyWorkspace>(`PATCH ${at()}`, {
        body,
        token: ada.token,
        headers: { 'if-match': headers.get('etag') as string },
      });
    const settings = {
      name: 'Acme & Co',
      iconImageId: icon.id,
      branding: { primary: '#112233', accent: '#445566' },
      retentionDays: 365,
    };
    const changed = await patch({ ...settings, whoMay: { createChannels: 'admins' } });
    expect([changed.status, (await patch({ name: 'Lost' })).body.code]).toEqual([200, 'precondition.failed']);
    const { event } = await nextEvent(stream, 'workspace.updated');
    expect(event.data.workspace).toMatchObject({ ...settings, version: changed.body.version });
    const made = await bob.call(`POST ${at('/channels')}`, { name: 'mine', kind: 'public' });
    expect(made.body.code).toBe('permission.denied');
    expect((await bob.call(`PATCH ${at()}`, { name: 'Bobs' })).body.code).toBe('permission.denied');
    await ada.call(`PATCH ${at()}`, { whoMay: { createChannels: 'everyone' } });
    expect((await bob.call(`POST ${at('/channels')}`, { name: 'mine', kind: 'public' })).status).toBe(201);
    await stream.close();
  });

  it('a role of its own making lets a member moderate, as long as it is theirs', async () => {
    const mod = await newcomer('Mod');
    const { body: sent } = await bob.send(general, 'to be moderated');
    expect((await mod.call(`DELETE /messages/${sent.id}`)).body.code).toBe('message.not_author');
    const { body: role } = await ada.call<Role>(`POST ${at('/roles')}`, {
      name: 'Moderator',
      permissions: ['message.delete_any'],
    });
    const stream = await bob.listen(w);
    await ada.call(`PATCH ${at(`/members/${mod.id}`)}`, { role: 'member', customRoleId: role.id });
    expect((await nextEvent(stream, 'member.role_changed')).event.data).toMatchObject({
      userId: mod.id,
      customRoleId: role.id,
    });
    expect((await ada.call(`DELETE ${at(`/roles/${role.id}`)}`)).body.code).toBe('role.in_use');
    expect((await mod.call(`DELETE /messages/${sent.id}`)).status).toBe(204);
    expect((await nextEvent(stream, 'message.deleted')).event).toMatchObject({
      actorId: mod.id,
      data: { message: { id: sent.id, text: '' } },
    });
    // It replaces what members may.
    const made = await mod.call(`POST ${at('/channels')}`, { name: 'of-mod', kind: 'public' });
    expect(made.body.code).toBe('permission.denied');
    await ada.call(`PATCH ${at(`/members/${mod.id}`)}`, { role: 'member' });
    expect((await ada.call(`DELETE ${at(`/roles/${role.id}`)}`)).status).toBe(204);
    await stream.close();
  });

  it('who is deactivated is out at once and comes back as they were; who is removed starts anew', async () => {
    const ida = await newcomer('Ida');
    const secret = await ada.channel(w, { kind: 'private' });
    await ada.call(`POST /channels/${secret}/members`, { userId: ida.id });
    const { body: said } = await ida.send(secret, 'said before');
    const [hers, others] = [await ida.listen(w), await bob.listen(w)];
    const { body: out } = await ada.call<Member>(`POST ${at(`/members/${ida.id}/deactivate`)}`);
    expect(out.state).toBe('deactivated');
    const left = await others.next(
      (frame) => frame.event === 'member.left' && frame.data.includes('deactivated'),
      10_000,
    );
    expect(JSON.parse(left.data)).toMatchObject({ data: { userId: ida.id, reason: 'deactivated' } });
    await expect(hers.next((frame) => frame.event === 'never', 10_000)).rejects.toThrow('has ended');
    expect((await ida.call(`GET ${at('/bootstrap')}`)).body.code).toBe('workspace.not_found');
    expect((await accept(ida, (await invite({})).token)).body.code).toBe('member.deactivated');
    expect((await ada.history(secret)).find(({ id }) => id === said.id)?.text).toBe('said before');
    await ada.call(`POST ${at(`/members/${ida.id}/reactivate`)}`);
    expect(await channelsOf(ida)).toContain(secret);
    expect((await ada.call(`DELETE ${at(`/members/${ida.id}`)}`)).status).toBe(204);
    expect((await ida.call(`GET /channels/${secret}/messages`)).body.code).toBe('channel.not_found');
    expect((await accept(ida, (await invite({})).token)).status).toBe(200);
    expect(await channelsOf(ida)).not.toContain(secret);
    await Promise.all([hers.close(), others.close()]);
  });

  it('many are changed in one go, each with a verdict; the last owner stays', async () => {
    const [jan, kim] = [await newcomer('Jan'), await newcomer('Kim')];
    const bulk = async (body: object) =>
      (await ada.call<BulkVerdicts>(`POST ${at('/members/bulk')}`, body)).body.verdicts.map(
        ({ code }) => code,
      );
    const userIds = [jan.id, kim.id];
    expect(await bulk({ action: 'change_role', role: 'admin', userIds })).toEqual([null, null]);
    expect((await jan.bootstrap(w)).workspace.role).toBe('admin');
    expect(await bulk({ action: 'deactivate', userIds: [...userIds, ada.id] })).toEqual([
      null,
      null,
      'workspace.last_owner',
    ]);
    expect((await jan.call(`GET ${at()}`)).body.code).toBe('workspace.not_found');
    const { body } = await ada.call<Page<Member>>(`GET ${at('/members?state=deactivated')}`);
    expect(body.data.map(({ user }) => user.id).sort()).toEqual(userIds.sort());
    expect((await bob.call(`POST ${at('/members/bulk')}`, { action: 'deactivate', userIds })).body.code).toBe(
      'permission.denied',
    );
  });

  it('ownership goes from one to the other and is never lost', async () => {
    const stream = await ada.listen(w);
    expect((await bob.call(`POST ${at('/transfer')}`, { userId: bob.id })).body.code).toBe(
      'permission.denied',
    );
    expect((await ada.call(`DELETE ${at(`/members/${ada.id}`)}`)).body.code).toBe('workspace.last_owner');
    expect((await ada.call(`POST ${at('/transfer')}`, { userId: bob.id })).status).toBe(200);
    await expect(stream.next((frame) => frame.event === 'never', 10_000)).rejects.toThrow('has ended');
    const roles = Object.fromEntries(
      (await bob.bootstrap(w)).members.map(({ user, role }) => [user.id, role]),
    );
    expect([roles[ada.id], roles[bob.id]]).toEqual(['admin', 'owner']);
    expect((await ada.call(`DELETE ${at('?name=Acme')}`)).body.code).toBe('permission.denied');
    await stream.close();
  });
});
