import { describe, expect, it } from '@jest/globals';
import { family, parseBusySeconds, parseResidentKilobytes, parseStat } from './processes.ts';

describe('parseStat', () => {
  it('reads the time of the process and its ended children behind a command name with spaces and parentheses', () => {
    const stat = '4242 (node (worker) 1) S 17 4242 4242 0 -1 4194560 9 0 0 0 250 50 70 30 20 0 11 0 99 1 2';
    expect(parseStat(stat)).toEqual({ parent: 17, cpuSeconds: 4 });
  });
});

describe('parseResidentKilobytes', () => {
  it('finds the resident size', () => {
    expect(parseResidentKilobytes('Name:\tnode\nVmRSS:\t   52340 kB\nRssAnon:\t 1 kB\n')).toBe(52340);
  });

  it('counts a process that is gone as nothing', () => {
    expect(parseResidentKilobytes('')).toBe(0);
  });
});

describe('family', () => {
  it('holds the process itself', () => {
    expect(family(process.pid)).toContain(process.pid);
  });
});

describe('parseBusySeconds', () => {
  it('leaves out idle time and waiting for the disk, and counts what the hypervisor took', () => {
    expect(parseBusySeconds('cpu  100 10 50 9999 8888 5 5 30 0 0\ncpu0 1 1 1 1\n')).toBe(2);
  });
});
