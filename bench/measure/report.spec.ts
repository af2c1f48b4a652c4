import { describe, expect, it } from '@jest/globals';
import { Measurements } from './measurements.ts';
import { passed, renderResult, renderTable, renderVerdicts } from './report.ts';

describe('Measurements', () => {
  it('gives median and spread, and a dash for what was not measured', () => {
    const measured = new Measurements();
    for (const rate of [900, 1_000, 1_100]) {
      measured.add('chat', 'rate', rate);
      measured.round += 1;
    }
    expect(measured.figure('chat', 'rate')).toBe('1,000 ± 10 %');
    expect(measured.figure('naive', 'rate')).toBe('–');
  });

  it('compares round by round and leaves out a round in which either side was invalid', () => {
    const measured = new Measurements();
    for (const [rate, limit] of [
      [60, 100],
      [null, 7],
      [30, 50],
    ] as const) {
      if (rate !== null) measured.add('chat', 'rate', rate);
      measured.add('limit', 'rate', limit);
      measured.round += 1;
    }
    expect(measured.ratio('chat', 'limit', 'rate')).toBeCloseTo(0.6);
    expect(measured.figure('chat', 'rate')).toBe('45 ± 33 %');
    expect(measured.ratio('chat', 'naive', 'rate')).toBeNaN();
  });
});

describe('complaints', () => {
  it('put disturbed runs first and say nothing of quiet ones', () => {
    const measured = new Measurements();
    measured.disturbance.push(0.02, 0.31, 0.12);
    measured.problems.add('naive: 3 streams were closed');
    expect(measured.complaints()).toEqual([
      '**Disturbed**: other processes used up to 31 % of the machine in 2 of 3 runs.',
      'naive: 3 streams were closed',
    ]);
    const quiet = new Measurements();
    quiet.disturbance.push(0.02);
    expect(quiet.complaints()).toEqual([]);
  });
});

describe('renderTable', () => {
  it('is a Markdown table', () => {
    expect(renderTable({ head: ['a', 'b'], rows: [['1', '2']] })).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |');
  });
});

describe('verdicts', () => {
  it('pass on the goal itself and fail on the wrong side of it', () => {
    expect(passed({ what: '', value: 0.6, atLeast: 0.6 })).toBe(true);
    expect(passed({ what: '', value: 0.59, atLeast: 0.6 })).toBe(false);
    expect(passed({ what: '', value: 2.5, atMost: 2.5 })).toBe(true);
    expect(passed({ what: '', value: 2.6, atMost: 2.5 })).toBe(false);
  });

  it('neither pass nor fail what has no goal or was not measured', () => {
    expect(passed({ what: '', value: 1 })).toBeNull();
    expect(passed({ what: '', value: Number.NaN, atLeast: 1 })).toBeNull();
  });

  it('say why something was not measured, and never as passed', () => {
    const table = renderVerdicts([
      { what: 'fan-out', value: Number.NaN, atLeast: 1.5, missing: 'nchan is not installed' },
    ]);
    expect(table).toContain('| fan-out | not measured: nchan is not installed | ≥ 1.5 × |  |  |');
  });

  it('show value, goal and unit', () => {
    expect(
      renderVerdicts([{ what: 'memory', value: 12.34, unit: 'KB', atMost: 20, aim: '≤ 15 KB' }]),
    ).toContain('| memory | 12.3 KB | ≤ 20 KB | pass | ≤ 15 KB |');
  });
});

describe('renderResult', () => {
  it('names the command, the commit and the machine', () => {
    const text = renderResult(
      { title: 'Send', about: 'How.', tables: [], verdicts: [], problems: ['one round was invalid'] },
      { date: '2026-01-02', commit: 'abc1234', machine: '2 × CPU', command: 'npm run bench send', rounds: 3 },
    );
    expect(text).toContain('## Send, 2026-01-02');
    expect(text).toContain('`npm run bench send` at abc1234; 2 × CPU; median of 3 alternating rounds');
    expect(text).toContain('- one round was invalid');
  });
});
