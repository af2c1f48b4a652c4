import { describe, expect, it } from '@jest/globals';
import { ClientMessageId } from '#contracts';
import { newClientMessageId } from './client-message-id.js';
import { browserConnectivity, systemClock } from './environment.js';

describe('browserConnectivity', () => {
  it('counts as online where nothing tells', () => {
    expect(browserConnectivity({}).isOnline()).toBe(true);
    expect(browserConnectivity().isOnline()).toBe(true);
    browserConnectivity({}).subscribe(() => {})();
  });

  it('believes the browser when it says there is no network', () => {
    expect(browserConnectivity({ navigator: { onLine: false } }).isOnline()).toBe(false);
  });

  it('tells of changes until unsubscribed', () => {
    const target = new EventTarget();
    const scope = {
      addEventListener: (type: string, listener: () => void) => target.addEventListener(type, listener),
      removeEventListener: (type: string, listener: () => void) => target.removeEventListener(type, listener),
    };
    const heard: boolean[] = [];
    const stop = browserConnectivity(scope).subscribe((online) => heard.push(online));
    target.dispatchEvent(new Event('offline'));
    target.dispatchEvent(new Event('online'));
    stop();
    target.dispatchEvent(new Event('offline'));
    expect(heard).toEqual([false, true]);
  });
});

describe('systemClock', () => {
  it('runs a task later, and not when cancelled', async () => {
    const ran: string[] = [];
    const cancel = systemClock.after(1, () => ran.push('cancelled'));
    cancel();
    await new Promise<void>((resolve) => systemClock.after(5, resolve));
    expect(ran).toEqual([]);
    expect(systemClock.now()).toBeGreaterThan(1_700_000_000_000);
  });
});

describe('newClientMessageId', () => {
  it('is a UUID the server accepts, and another one each time', () => {
    const ids = Array.from({ length: 100 }, newClientMessageId);
    expect(ids.every((id) => ClientMessageId.safeParse(id).success && id[14] === '4')).toBe(true);
    expect(new Set(ids).size).toBe(100);
  });
});
