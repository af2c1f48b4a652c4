import { formatNumber, type Measurements } from '../measure/measurements.ts';
import type { Table } from '../measure/report.ts';

/** CPU time per message of every process that took part, medians in microseconds. */
export function cpuTable(measured: Measurements, names: readonly string[], per: string, digits = 0): Table {
  const processes = [...new Set(names.flatMap((name) => measured.metrics(name, 'cpu ')))];
  return {
    head: [`CPU, µs per ${per}`, ...processes],
    rows: names
      .filter((name) => measured.metrics(name, 'cpu ').length > 0)
      .map((name) => [
        name,
        ...processes.map((process) => {
          const value = measured.median(name, `cpu ${process}`);
          return Number.isNaN(value) ? '' : formatNumber(value, digits);
        }),
      ]),
  };
}
