/**
 * The programs npm cannot give: nats-server, redis-server and, for tests, a Chromium. Looked for by
 * environment variable, then PATH; installed by apt or brew where that needs no question asked.
 * No npm dependency: it is used before `npm ci`.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Problem, run } from './run.mjs';

/** @typedef {{ variable: string, names: string[], apt: string, brew: string[] }} Program */
/** @type {Record<string, Program>} */
const PROGRAMS = {
  'nats-server': {
    variable: 'NATS_SERVER_BIN',
    names: ['nats-server'],
    apt: 'nats-server',
    brew: ['nats-server'],
  },
  'redis-server': {
    variable: 'REDIS_SERVER_BIN',
    names: ['redis-server', 'valkey-server'],
    apt: 'redis-server',
    brew: ['redis'],
  },
  chromium: {
    variable: 'CHROMIUM_BIN',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    apt: 'chromium',
    brew: ['--cask', 'chromium'],
  },
};

/** Debian keeps servers where an ordinary user's PATH doesn't look. */
const MORE_PLACES = [
  '/usr/local/sbin',
  '/usr/sbin',
  '/opt/homebrew/bin',
  '/Applications/Google Chrome.app/Contents/MacOS',
];

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} name @returns {string | null} */
function lookFor(name) {
  const { variable, names } = PROGRAMS[name];
  const given = process.env[variable];
  if (given) {
    if (isProgram(given)) return given;
    throw new Problem(`${variable}=${given} is not an executable file`);
  }
  const places = [...(process.env.PATH ?? '').split(delimiter), ...MORE_PLACES].filter(Boolean);
  return names.flatMap((one) => places.map((place) => join(place, one))).find(isProgram) ?? null;
}

/** Where a program is; a problem that says how to get it when it is nowhere. @param {string} name */
export function findProgram(name) {
  const path = lookFor(name);
  if (path) return path;
  const { variable, apt, brew } = PROGRAMS[name];
  throw new Problem(
    `${name} was not found: install it (Debian, Ubuntu: apt-get install ${apt}; macOS: brew install ${brew.join(' ')}) or set ${variable}` +
      (name === 'chromium' ? '' : ', or run Parley with `docker compose up`'),
  );
}

/**
 * Debian starts a server it installs, on its default port, now and at each boot. We want the program
 * only: policy-rc.d, for as long as this runs, and `systemctl disable` say so.
 */
const APT = `
set -e
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap 'rm -f $policy' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > $policy
  chmod 755 $policy
fi
install() { apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"; }
install "$@" || { apt-get -o DPkg::Lock::Timeout=300 update; install "$@"; }
if [ -d /run/systemd/system ]; then for unit; do systemctl disable "$unit" 2>&1 || true; done; fi
`;

/** The command that installs packages here, or null when there is none that wouldn't ask. */
async function installer() {
  if (process.platform === 'darwin') {
    return (await run('brew', ['--version'])).code === 0
      ? (programs) => run('brew', ['install', ...programs.flatMap(({ brew }) => brew)])
      : null;
  }
  if (!existsSync('/usr/bin/apt-get')) return null;
  const sh = ['sh', '-c', APT, 'sh'];
  const command =
    process.getuid?.() === 0
      ? sh
      : (await run('sudo', ['-n', 'true'])).code === 0
        ? ['sudo', '-n', ...sh]
        : null;
  return command && ((programs) => run(command[0], [...command.slice(1), ...programs.map(({ apt }) => apt)]));
}

/**
 * Makes sure programs are there.
 * @param {string[]} names
 * @param {(line: string) => void} say
 */
export async function ensurePrograms(names, say) {
  const missing = names.filter((name) => lookFor(name) === null);
  if (missing.length === 0) return;
  const install = await installer();
  let output = '';
  if (install) {
    say(`installing ${missing.join(', ')}`);
    ({ output } = await install(missing.map((name) => PROGRAMS[name])));
  }
  const problems = missing.flatMap((name) => {
    try {
      findProgram(name);
      return [];
    } catch (error) {
      return [/** @type {Error} */ (error).message];
    }
  });
  if (problems.length)
    throw new Problem([...problems, ...output.trimEnd().split('\n').slice(-5)].filter(Boolean).join('\n'));
}
