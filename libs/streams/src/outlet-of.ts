import type { Socket } from 'node:net';
import { Connection } from './connection.js';
import { FarSocket } from './link/far-socket.js';
import type { Outlet, Shared } from './outlet.js';

/** A stream on a client's socket, wherever that is. */
export const outletOf = <Key>(socket: Socket | FarSocket, key: Key, shared: Shared<Key>): Outlet =>
  socket instanceof FarSocket ? socket.stream(key, shared) : new Connection(socket, key, shared);
