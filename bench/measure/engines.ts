import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import pg from 'pg';
import { startInstance, type Instance, type InstanceOptions } from '../../deploy/local/instance.mjs';
import { cleanUpWith, interruption } from './children.ts';

/** Where the peers find Postgres and NATS, and whom to charge for their CPU. */
export interface Engines {
  readonly postgresUrl: string;
  readonly natsUrl: string;
  readonly processes: Readonly<Record<'postgres' | 'nats', number>>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Path of a program, also of one that only root has on its PATH; null when it is not installed. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file)) ?? null;
}

export function pidOfProcess(instance: Instance, name: string): number {
  const pid = instance.pids[name];
  if (pid === undefined) throw new Error(`${name} does not run`);
  return pid;
}

/** Product and peers are measured on the same engines, each with a database and a stream of its own. */
export function enginesOf(instance: Instance): Engines {
  return {
    postgresUrl: instance.engines.postgres.url,
    natsUrl: instance.engines.nats.url,
    processes: { postgres: pidOfProcess(instance, 'postgres'), nats: pidOfProcess(instance, 'nats') },
  };
}

/** An instance with a temporary folder, gone after the run even if that is interrupted. */
export async function startThrowaway(options: InstanceOptions = {}): Promise<Instance> {
  const instance = await startInstance({ ...options, signal: interruption.signal });
  cleanUpWith(() => instance.stop());
  return instance;
}

/** Engines without the product, for measuring the peers among themselves. */
export function startEnginesOnly(): Promise<Instance> {
  return startThrowaway({ services: [], engines: ['postgres', 'nats'] });
}

/** A fresh database on the given server. */
export async function createDatabase(postgresUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return url.href;
}
