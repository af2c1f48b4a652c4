/** Ports for engines and services: free ones, and the same ones as last time when they still are. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';

const HOST = '127.0.0.1';
const FIRST = 20_000;

/**
 * Below this the kernel takes no source ports for outgoing connections. A port from above could be
 * taken by any client while its owner restarts, and then the restart would fail.
 */
function lowestEphemeral() {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/)[0]);
  } catch {
    return 49_152;
  }
}

/** @returns {Promise<import('node:net').Server | null>} the port's holder, or null when it is taken */
function hold(port, host = HOST) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, host, () => resolve(server));
  });
}

async function holdAny() {
  const span = lowestEphemeral() - FIRST;
  for (let attempt = 0; span > 1_000 && attempt < 50; attempt += 1) {
    const server = await hold(FIRST + Math.floor(Math.random() * span));
    if (server) return server;
  }
  const server = await hold(0);
  if (!server) throw new Error('no free port on 127.0.0.1');
  return server;
}

/** Whether nothing listens there. */
export async function isFree(port, host = HOST) {
  const server = await hold(port, host);
  if (server) await new Promise((resolve) => server.close(resolve));
  return server !== null;
}

function remembered(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

/**
 * One port per name.
 * @param {string[]} names
 * @param {string} [file] where choices are remembered, so that a restart is at the same addresses
 * @returns {Promise<Record<string, number>>}
 */
export async function choosePorts(names, file) {
  const before = file && existsSync(file) ? remembered(file) : {};
  /** @type {Record<string, number>} */
  const ports = {};
  // All are held until the last is chosen, so that no two names get the same.
  const holders = [];
  for (const name of names) {
    const holder = (before[name] && (await hold(before[name]))) || (await holdAny());
    holders.push(holder);
    ports[name] = /** @type {import('node:net').AddressInfo} */ (holder.address()).port;
  }
  await Promise.all(holders.map((holder) => new Promise((resolve) => holder.close(resolve))));
  if (file) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify({ ...before, ...ports }, null, 2)}\n`);
  }
  return ports;
}
