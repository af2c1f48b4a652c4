import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContextOptions, type Locator, type Page } from 'playwright-core';
import { findProgram } from '../../deploy/local/instance.mjs';

/** Generous: the machine that runs this may be busy with everything else. */
const PATIENCE_MS = 30_000;

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: findProgram('chromium'),
    args: [
      // Chromium's own sandbox refuses to start as root, which containers of CI are.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** What the browser itself reports of a request that got no good answer. */
const isFailedRequest = (text: string): boolean => text.startsWith('Failed to load resource');

export type Profile = { email: string; name: string; password: string };

/** One person's browser window, with cookies and storage of its own. */
export class ChatWindow {
  /** Errors and warnings of the page: exceptions, refusals of the content security policy, Vue's warnings. */
  readonly complaints: string[] = [];
  /** Requests that failed, as `404 /path`. */
  readonly failedRequests: string[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type())) return;
      if (!isFailedRequest(message.text())) this.complaints.push(message.text());
    });
    page.on('response', (response) => {
      if (response.status() >= 400)
        this.failedRequests.push(`${response.status()} ${new URL(response.url()).pathname}`);
    });
  }

  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<ChatWindow> {
    const context = await browser.newContext({
      baseURL: url,
      viewport: { width: 1280, height: 800 },
      reducedMotion: 'reduce',
      ...options,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    return new ChatWindow(await context.newPage());
  }

  id(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  message(text: string, state?: 'sending' | 'sent' | 'edited' | 'deleted' | 'failed'): Locator {
    const messages = state ? `[data-testid=message][data-state=${state}]` : '[data-testid=message]';
    return this.page.locator(messages, { hasText: text });
  }

  channel(name: string): Locator {
    return this.page.locator(`[data-testid=channel-item][data-channel-name="${name}"]`);
  }

  badge(channelName: string): Locator {
    return this.channel(channelName).getByTestId('unread-badge');
  }

  async register({ name, email, password }: Profile): Promise<void> {
    await this.id('name').fill(name);
    await this.id('email').fill(email);
    await this.id('password').fill(password);
    await this.id('submit').click();
  }

  async login({ email, password }: Profile): Promise<void> {
    await this.page.goto('/login');
    await this.id('email').fill(email);
    await this.id('password').fill(password);
    await this.id('submit').click();
  }

  async say(text: string): Promise<void> {
    await this.id('composer').fill(text);
    await this.id('composer').press('Enter');
  }

  async go(channelName: string): Promise<void> {
    await this.channel(channelName).click();
    await this.isIn(channelName);
  }

  async isIn(channelName: string): Promise<void> {
    await this.id('channel-title').filter({ hasText: channelName }).waitFor();
  }

  /** The indicator is hidden with the drawer on a phone, so it need not be visible. */
  async isConnected(state: 'live' | 'reconnecting' | 'offline', timeout = PATIENCE_MS): Promise<void> {
    const indicator = this.page.locator(`[data-testid=connection-state][data-state=${state}]`);
    await indicator.waitFor({ state: 'attached', timeout });
  }

  /** What a person sees in the open channel, top to bottom: text and state of each message. */
  async transcript(): Promise<string[]> {
    return this.page.evaluate(
      `[...document.querySelectorAll('[data-testid=message]')].map((row) =>
        row.dataset.state + ': ' + (row.querySelector('.gone') ? '' : row.querySelector('p, div').innerText.trim()))`,
    );
  }

  /** What sticks out of the window to the side; the page itself scrolls up and down only. */
  async overflows(): Promise<string[]> {
    return this.page.evaluate(
      `[...document.querySelectorAll('html, body, main, header, form, textarea, button, input, dialog[open], [data-testid]')]
        .filter((element) => {
          const { left, right, width } = element.getBoundingClientRect();
          const shown = width > 0 && right > 0 && element.checkVisibility();
          return shown && (left < 0 || right > innerWidth + 0.5);
        })
        .map((element) => element.outerHTML.slice(0, 120))
        .concat(document.documentElement.scrollWidth > innerWidth ? ['the page'] : [])`,
    );
  }

  /** Violations of WCAG A and AA that axe finds in what is shown now. */
  async barriers(): Promise<string[]> {
    await this.page.evaluate(AXE);
    return this.page.evaluate(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })
        .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
    );
  }
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
