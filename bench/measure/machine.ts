import { execFileSync } from 'node:child_process';
import os from 'node:os';

function git(...args: string[]): string {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}

/** One line that says where and on what a result was measured. */
export function describeMachine(): string {
  const model = os.cpus()[0]?.model.trim() ?? 'unknown CPU';
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `${os.cpus().length} × ${model}, ${memory} GiB, ${os.type()} ${os.release()}, Node ${process.versions.node}`;
}

/** Short commit; "+changes" when the measured code is not exactly that commit. */
export function describeCommit(): string {
  const commit = git('rev-parse', '--short', 'HEAD') || 'no commit';
  const changed = git('status', '--porcelain', '--', 'apps', 'libs', 'bench', 'deploy', 'package-lock.json');
  return changed === '' ? commit : `${commit} + changes`;
}
