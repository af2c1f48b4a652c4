import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Line, type LineEnd } from './line.js';
import { Kind } from './messages.js';

/** A socket that takes whatever is written at once, and therefore never has to drain. */
class SwallowingSocket extends EventEmitter {
  readonly writableLength = 0;
  written = 0;

  setNoDelay(): void {}
  setTimeout(): void {}
  write(bytes: Buffer): boolean {
    this.written += bytes.length;
    return true;
  }
  destroySoon(): void {
    this.emit('close');
  }
}

const END: LineEnd = { message: () => {}, caughtUp: () => {}, tick: () => {}, lost: () => {} };
const MIB = Buffer.alloc(1024 * 1024 + 1);

describe('a line', () => {
  it('lets everyone go on who waited for it, also when what held it up was taken at once', async () => {
    const socket = new SwallowingSocket();
    const line = new Line(socket as unknown as Socket, END);
    line.send(Kind.write, 1, 1, MIB);
    expect(line.congested).toBe(true);
    let going = 0;
    const waiting = Array.from({ length: 64 }, () => line.uncongested().then(() => going++));
    // They go on in groups, a group in each turn.
    for (let turn = 0; turn < 10; turn += 1) await nextTurn();
    expect([socket.written > MIB.length, line.congested, going]).toEqual([true, false, 64]);
    line.close();
    await Promise.all(waiting);
  });

  it('lets them go when it is closed', async () => {
    const line = new Line(new SwallowingSocket() as unknown as Socket, END);
    line.send(Kind.write, 1, 1, MIB);
    const waiting = line.uncongested();
    line.close();
    await expect(waiting).resolves.toBeUndefined();
  });
});
