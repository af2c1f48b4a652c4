import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import type { Browser } from 'playwright-core';
import { ChatWindow, launchBrowser, type Profile } from './browser.js';
import { RunningParley } from './running-parley.js';

const profile = (name: string): Profile => ({
  name,
  email: `${name.toLowerCase()}-${randomUUID()}@example.org`,
  password: 'correct horse',
});

/** One story: each test goes on where the one before it ended. */
describe('two people chat in their browsers', () => {
  const [adaProfile, bobProfile] = [profile('Ada'), profile('Bob')];
  let parley: RunningParley;
  let browser: Browser;
  let ada: ChatWindow;
  let bob: ChatWindow;
  let url: string;
  beforeAll(async () => {
    [parley, browser] = await Promise.all([RunningParley.start(), launchBrowser()]);
    url = parley.instance.env['PUBLIC_URL'] as string;
    [ada, bob] = await Promise.all([ChatWindow.open(browser, url), ChatWindow.open(browser, url)]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await parley?.stop();
  }, 60_000);

  const bothSee = (text: string, state?: Parameters<ChatWindow['message']>[1]) =>
    Promise.all([ada.message(text, state).waitFor(), bob.message(text, state).waitFor()]);

  it('one registers, makes a workspace and is live in its first channel', async () => {
    await ada.page.goto('/');
    await ada.id('login-form').waitFor();
    await ada.page.goto('/register');
    await ada.register(adaProfile);
    await ada.id('workspace-name').fill('Analytical Engines');
    await ada.id('create-workspace-submit').click();
    await ada.id('workspace-name').filter({ hasText: 'Analytical Engines' }).waitFor();
    await ada.isIn('general');
    await ada.isConnected('live');
  });

  it('the other follows the invite link, registers and joins', async () => {
    await ada.say('Who wrote this before you came?');
    await ada.message('Who wrote this', 'sent').waitFor();
    await ada.id('invite-people').click();
    const link = await ada.id('invite-link').inputValue();
    expect(new URL(link).origin).toBe(url);
    await ada.page.keyboard.press('Escape');

    await bob.page.goto(link);
    await bob.page.getByText('Join Analytical Engines').waitFor();
    await bob.id('accept-invite').click();
    await bob.register(bobProfile);
    // Back at the invite, now as someone.
    await bob.id('accept-invite').filter({ hasText: 'Join as Bob' }).click();
    await bob.isIn('general');
    await bob.isConnected('live');
    await bob.message('Who wrote this', 'sent').waitFor();
    await ada.id('channel-members').click();
    await ada.id('member-item').filter({ hasText: 'Bob' }).waitFor();
    await ada.page.keyboard.press('Escape');
  });

  it('each sees at once what the other writes, as it was written', async () => {
    await ada.say('Hello Bob <b>not bold</b>');
    await bothSee('Hello Bob <b>not bold</b>', 'sent');
    await bob.say('Xin chào Ada');
    await bothSee('Xin chào Ada', 'sent');
    expect(await ada.transcript()).toEqual(await bob.transcript());
  });

  it('a message is shown before the server has it, and marked until then', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await ada.page.route('**/api/v1/channels/*/messages', async (route) => {
      await held;
      await route.continue();
    });
    await ada.say('Optimistic');
    await ada.message('Optimistic', 'sending').getByText('Sending…').waitFor();
    expect(await ada.id('composer').inputValue()).toBe('');
    expect(await bob.message('Optimistic').count()).toBe(0);
    release();
    await bothSee('Optimistic', 'sent');
    await ada.message('Optimistic', 'sending').waitFor({ state: 'detached' });
    expect(await ada.message('Optimistic').count()).toBe(1);
    await ada.page.unroute('**/api/v1/channels/*/messages');
  });

  it('a message whose answer got lost is sent again, and is there once', async () => {
    const lost: number[] = [];
    await ada.page.route(
      '**/api/v1/channels/*/messages',
      async (route) => {
        lost.push((await route.fetch()).status());
        await route.abort();
      },
      { times: 1 },
    );
    await ada.say('Said once');
    await bothSee('Said once', 'sent');
    await ada.message('Said once', 'sending').waitFor({ state: 'detached' });
    await ada.say('Said after it');
    await bothSee('Said after it', 'sent');
    expect(lost).toEqual([201]);
    expect(await ada.message('Said once').count()).toBe(1);
    expect(await bob.message('Said once').count()).toBe(1);
  });

  it('what is written offline leaves when the line is back, in order', async () => {
    await bob.page.context().setOffline(true);
    await bob.isConnected('offline');
    await bob.say('From the tunnel');
    await bob.say('Still in it');
    await bob.message('Still in it', 'sending').waitFor();
    await ada.say('Where are you?');
    await ada.message('Where are you?', 'sent').waitFor();
    await bob.page.context().setOffline(false);
    await bob.isConnected('live');
    await Promise.all(
      ['Where are you?', 'From the tunnel', 'Still in it'].map((text) => bothSee(text, 'sent')),
    );
    await bob.message('Still in it', 'sending').waitFor({ state: 'detached' });
    const [seenByAda, seenByBob] = [await ada.transcript(), await bob.transcript()];
    expect(seenByBob.slice(-3)).toEqual([
      'sent: Where are you?',
      'sent: From the tunnel',
      'sent: Still in it',
    ]);
    expect(seenByAda).toEqual(seenByBob);
  });

  it('what is written elsewhere is counted, and no longer once it was read', async () => {
    // Ada leaves #general below; what she has only just seen would stay unread there.
    await ada.badge('general').waitFor({ state: 'detached' });
    await ada.id('create-channel').click();
    await ada.id('channel-name').fill('design');
    await ada.id('create-channel-submit').click();
    await ada.isIn('design');
    await bob.id('browse-channels').click();
    await bob.page.locator('[data-testid=browse-item][data-channel-name=design]').getByText('Join').click();
    await bob.isIn('design');
    await bob.go('general');

    await ada.say('Gears');
    await ada.say('Cards');
    await bob
      .badge('design')
      .filter({ hasText: /^\s*2\b/ })
      .waitFor();
    await ada.say('Steam');
    await bob
      .badge('design')
      .filter({ hasText: /^\s*3\b/ })
      .waitFor();
    await eventually(async () => expect(await bob.page.title()).toMatch(/^\(3\) /));
    // What one writes oneself is not unread.
    await ada.message('Steam', 'sent').waitFor();
    expect(await ada.id('unread-badge').count()).toBe(0);

    await bob.go('design');
    await bob.message('Steam', 'sent').waitFor();
    await bob.badge('design').waitFor({ state: 'detached' });
    await eventually(async () => expect(await bob.page.title()).toMatch(/^design/));
  });

  it('an edit and a deletion happen before the eyes of the other', async () => {
    await ada.id('composer').press('ArrowUp');
    await ada.id('editor').fill('Steam, but less');
    await ada.id('editor').press('Enter');
    await bothSee('Steam, but less', 'edited');

    await ada.message('Cards').hover();
    await ada.message('Cards').getByRole('button', { name: 'Delete' }).click();
    await ada.id('confirm-delete').click();
    await bothSee('This message was deleted', 'deleted');
    expect(await bob.message('Cards').count()).toBe(0);
    // Nobody is offered to change what another wrote.
    await bob.message('Gears').hover();
    expect(await bob.message('Gears').getByRole('button').count()).toBe(0);
  });

  it('after a reload everything is as it was', async () => {
    await eventually(async () => expect(await bob.id('unread-badge').count()).toBe(0));
    const before = await bob.transcript();
    expect(before).toEqual(['sent: Gears', 'deleted: ', expect.stringMatching(/^edited: Steam, but less/)]);
    await bob.page.reload();
    await bob.isIn('design');
    await bob.isConnected('live');
    await bob.message('Gears').waitFor();
    expect(await bob.transcript()).toEqual(before);
    expect(await bob.id('unread-badge').count()).toBe(0);
  });

  it('a direct message reaches the one person, with a badge', async () => {
    await ada.id('new-direct').click();
    await ada.id('person-item').filter({ hasText: 'Bob' }).click();
    await ada.id('open-direct').click();
    await ada.isIn('Bob');
    await ada.say('Between you and me');
    await bob
      .badge('Ada')
      .filter({ hasText: /^\s*1\b/ })
      .waitFor();
    await bob.go('Ada');
    await bob.message('Between you and me', 'sent').waitFor();
    await bob.say('I will tell nobody');
    await ada.message('I will tell nobody', 'sent').waitFor();
  });

  it('with notify gone it says so; back, it shows what was missed, once', async () => {
    await Promise.all([ada.go('general'), bob.go('general')]);
    await parley.instance.kill('notify');
    await Promise.all([ada.isConnected('reconnecting'), bob.isConnected('reconnecting')]);
    await ada.say('Sent into the silence');
    await ada.message('Sent into the silence', 'sent').waitFor();
    expect(await bob.message('Sent into the silence').count()).toBe(0);

    await parley.instance.start('notify');
    await Promise.all([ada.isConnected('live', 60_000), bob.isConnected('live', 60_000)]);
    await bob.message('Sent into the silence', 'sent').waitFor();
    // What comes live afterwards proves that what was resumed has all been applied.
    await bob.say('Here again');
    await bothSee('Here again', 'sent');
    expect(await ada.message('Sent into the silence').count()).toBe(1);
    expect(await bob.message('Sent into the silence').count()).toBe(1);
    expect(await ada.transcript()).toEqual(await bob.transcript());
  }, 120_000);

  it('fits a phone: nothing sticks out at 360 px', async () => {
    await ada.say(`A word that is too long: ${'Donaudampfschifffahrt'.repeat(8)}`);
    const size = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
    const phone = await ChatWindow.open(browser, url, size);
    await phone.page.goto('/register');
    await phone.id('register-form').waitFor();
    expect(await phone.overflows()).toEqual([]);
    await phone.login(bobProfile);
    await phone.message('too long').waitFor();
    expect(await phone.overflows()).toEqual([]);
    await phone.id('open-sidebar').click();
    await phone.channel('design').click({ trial: true });
    expect(await phone.overflows()).toEqual([]);
    await phone.id('browse-channels').click();
    await phone.id('browse-item').first().waitFor();
    expect(await phone.overflows()).toEqual([]);
    await phone.page.keyboard.press('Escape');
    await phone.go('design');
    await phone.say('From my pocket');
    await phone.message('From my pocket', 'sent').waitFor();
    expect(phone.complaints).toEqual([]);
    await phone.page.context().close();
  });

  it.each(['light', 'dark'] as const)('has no barrier that axe finds, %s', async (colorScheme) => {
    await bob.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await bob.barriers()).toEqual([]);
  });

  it('signed out is signed out, for that person only', async () => {
    const inside = ada.page.url();
    await ada.id('user-menu').click();
    await ada.id('sign-out').click();
    await ada.id('login-form').waitFor();
    expect((await ada.page.context().cookies()).map(({ name }) => name)).toEqual([]);
    await ada.page.goto(inside);
    await ada.id('login-form').waitFor();
    expect(await ada.page.getByTestId('message').count()).toBe(0);

    await bob.page.reload();
    await bob.isConnected('live');
    await ada.login(adaProfile);
    await ada.isConnected('live');
  });

  it('all the while, no page complained and no request failed that should not', async () => {
    expect([...ada.complaints, ...bob.complaints]).toEqual([]);
    const expected = [
      // Whoever arrives signed out is asked for who they are, once.
      /^401 \/api\/v1\/(me|auth\/refresh)$/,
      // While notify was gone.
      /^50[234] \/api\/v1\/workspaces\/[^/]+\/events$/,
    ];
    const failed = [...ada.failedRequests, ...bob.failedRequests];
    expect(failed.filter((request) => !expected.some((pattern) => pattern.test(request)))).toEqual([]);
  });
});
