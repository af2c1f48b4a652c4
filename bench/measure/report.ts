import { formatNumber } from './measurements.ts';

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A figure with a goal to hold it against. `atLeast` and `atMost` are the goal; `aim` is where it should go later. */
export interface Verdict {
  readonly what: string;
  readonly value: number;
  readonly unit?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly aim?: string;
  /** Why there is no value. */
  readonly missing?: string;
}

export interface Result {
  readonly title: string;
  /** Workload and method, for whoever reads the table without the code. */
  readonly about: string;
  readonly tables: readonly Table[];
  readonly verdicts: readonly Verdict[];
  readonly problems: readonly string[];
}

export function renderTable({ head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function passed({ value, atLeast, atMost }: Verdict): boolean | null {
  if (Number.isNaN(value) || (atLeast === undefined && atMost === undefined)) return null;
  return value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity);
}

function renderValue({ value, unit, missing }: Verdict): string {
  if (Number.isNaN(value)) return missing === undefined ? 'not measured' : `not measured: ${missing}`;
  const digits = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
  return `${formatNumber(value, digits)} ${unit ?? '×'}`;
}

function renderGoal({ atLeast, atMost, unit }: Verdict): string {
  if (atLeast !== undefined) return `≥ ${atLeast} ${unit ?? '×'}`;
  return atMost === undefined ? '' : `≤ ${atMost} ${unit ?? '×'}`;
}

export function renderVerdicts(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map((verdict) => {
    const pass = passed(verdict);
    const mark = pass === null ? '' : pass ? 'pass' : '**fail**';
    return [verdict.what, renderValue(verdict), renderGoal(verdict), mark, verdict.aim ?? ''];
  });
  return renderTable({ head: ['Figure', 'Measured', 'Goal', '', 'Aim'], rows });
}

export interface Setting {
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
  readonly command: string;
  readonly rounds: number;
}

export function renderResult(result: Result, setting: Setting): string {
  const rounds =
    setting.rounds === 1 ? 'one round' : `median of ${setting.rounds} alternating rounds ± half the range`;
  const parts = [
    `## ${result.title}, ${setting.date}`,
    `\`${setting.command}\` at ${setting.commit}; ${setting.machine}; ${rounds}.`,
    result.about,
    ...result.tables.filter(({ rows }) => rows.length > 0).map(renderTable),
    ...(result.verdicts.length > 0 ? [renderVerdicts(result.verdicts)] : []),
    ...(result.problems.length > 0 ? [result.problems.map((problem) => `- ${problem}`).join('\n')] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}
