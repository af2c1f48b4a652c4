/**
 * Stops what the supervisor started when the supervisor itself dies without a chance to (kill -9, out
 * of memory): a small shell process that learns each pid through a pipe and acts when the pipe closes.
 */
import { spawn } from 'node:child_process';

const SCRIPT = `
trap '' INT TERM HUP
all=
dir=
while IFS= read -r line; do
  case $line in
    /*) dir=$line ;;
    +*) all="\${line#+} $all" ;;
    -*) kept=; for one in $all; do [ "\${one#*:}" = "\${line#-}" ] || kept="$kept $one"; done; all=$kept ;;
  esac
done
for one in $all; do kill -"\${one%%:*}" "\${one#*:}" 2>/dev/null; done
for second in 1 2 3 4 5 6 7 8 9 10 11 12 none; do
  alive=; for one in $all; do kill -0 "\${one#*:}" 2>/dev/null && alive=yes; done
  [ -n "$alive" ] || break
  if [ $second = none ]; then for one in $all; do kill -KILL "\${one#*:}" 2>/dev/null; done; else sleep 1; fi
done
case $dir in */parley-*) rm -rf "$dir" ;; esac
`;

export class Reaper {
  constructor() {
    this.shell = spawn('sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    // Neither may keep the supervisor alive, and a reaper that is gone must not bring it down.
    this.shell.on('error', () => undefined);
    this.shell.stdin.on('error', () => undefined);
    this.shell.unref();
    /** @type {import('node:net').Socket} */ (/** @type {unknown} */ (this.shell.stdin)).unref();
  }

  /** @param {number} pid @param {NodeJS.Signals} [stopSignal] */
  watch(pid, stopSignal = 'SIGTERM') {
    this.shell.stdin.write(`+${stopSignal.replace('SIG', '')}:${pid}\n`);
  }

  /** @param {number} pid */
  forget(pid) {
    this.shell.stdin.write(`-${pid}\n`);
  }

  /** A throwaway folder, deleted when all is stopped. @param {string} dir */
  deleteAfterwards(dir) {
    this.shell.stdin.write(`${dir}\n`);
  }

  /** Ends the reaper itself; whatever it still knows is stopped. */
  close() {
    this.shell.stdin.end();
  }
}
