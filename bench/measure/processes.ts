import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ is 100 on every Linux Node runs on. */
const TICKS_PER_SECOND = 100;

export interface ProcessTimes {
  readonly parent: number;
  /** Its own and that of the children it has already buried. */
  readonly cpuSeconds: number;
}

/** The command name in field two may hold spaces and parentheses, so fields count from its last parenthesis. */
export function parseStat(stat: string): ProcessTimes {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    parent: Number(fields[1]),
    cpuSeconds: fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND,
  };
}

export function parseResidentKilobytes(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
}

function read(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return null;
  }
}

/** The process and all its descendants: Postgres and nginx do their work in children. */
export function family(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    const stat = Number.isInteger(pid) ? read(pid, 'stat') : null;
    if (stat === null) continue;
    const { parent } = parseStat(stat);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const members = [root];
  for (const pid of members) members.push(...(children.get(pid) ?? []));
  return members;
}

/** CPU seconds a process family has used so far. */
export function cpuSeconds(root: number): number {
  return family(root).reduce((sum, pid) => {
    const stat = read(pid, 'stat');
    return sum + (stat === null ? 0 : parseStat(stat).cpuSeconds);
  }, 0);
}

export function residentKilobytes(root: number): number {
  return family(root).reduce((sum, pid) => sum + parseResidentKilobytes(read(pid, 'status') ?? ''), 0);
}

/** Seconds all processors together were not idle since the machine started; time taken by the hypervisor counts. */
export function parseBusySeconds(stat: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = stat
    .slice(0, stat.indexOf('\n'))
    .replace(/^cpu +/, '')
    .split(' ')
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}

export interface CpuUse {
  /** CPU seconds per name. */
  readonly byProcess: Readonly<Record<string, number>>;
  /** CPU seconds of everything else on the machine but this process; load clients are still in it. */
  readonly rest: number;
}

/** Starts a measurement; the returned function gives what was used since. */
export function watchCpu(processes: Readonly<Record<string, number>>): () => CpuUse {
  const busy = () => parseBusySeconds(readFileSync('/proc/stat', 'utf8'));
  const before = Object.entries(processes).map(([name, pid]) => ({ name, pid, used: cpuSeconds(pid) }));
  const busyBefore = busy();
  const own = process.cpuUsage();
  return () => {
    const used = before.map((one) => [one.name, cpuSeconds(one.pid) - one.used] as const);
    const { user, system } = process.cpuUsage(own);
    const known = used.reduce((sum, [, seconds]) => sum + seconds, (user + system) / 1e6);
    return { byProcess: Object.fromEntries(used), rest: busy() - busyBefore - known };
  };
}
