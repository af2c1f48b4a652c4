import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { portProblem, sharing } from './shared-port.js';

const listening = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, place: { host: '127.0.0.1', port: (server.address() as AddressInfo).port } };
};

describe('portProblem', () => {
  it('finds none at a port that is free, and leaves it free', async () => {
    const { server, place } = await listening();
    server.close();
    await once(server, 'close');
    expect(await portProblem(place)).toBeNull();
    expect(await portProblem(place)).toBeNull();
  });

  it('waits for a predecessor that is about to end, and not for one that stays', async () => {
    const { server, place } = await listening();
    expect(await portProblem(place, 0)).toBe(`cannot listen at 127.0.0.1:${place.port}: EADDRINUSE`);
    setTimeout(() => server.close(), 150);
    expect(await portProblem(place, 30_000)).toBeNull();
  });
});

describe('sharing', () => {
  it('is for workers only', () => {
    expect(sharing({ host: '127.0.0.1', port: 6688 }, 'linux')).toEqual({});
  });
});
