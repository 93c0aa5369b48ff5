import { count, errorRate, share } from '../format/numbers.ts';
import { table } from '../terminal/table.ts';
import type { Report } from './report.ts';

/** A model's line in a table of results. */
export interface Result {
  name: string;
  parameters: number;
  testErrors: number;
  /** Multiply-adds of one forward pass relative to the ensemble's, if there is one. */
  relativeCost?: number;
}

export function resultsTable(results: readonly Result[], testSize: number): string {
  const compared = results.some(({ relativeCost }) => relativeCost !== undefined);
  const rows = results.map(({ name, parameters, testErrors, relativeCost = 1 }) => [
    name,
    count(parameters),
    count(testErrors),
    errorRate(testErrors, testSize),
    ...(compared ? [share(relativeCost)] : []),
  ]);
  return table(['model', 'parameters', 'test errors', 'error', ...(compared ? ['forward cost'] : [])], rows);
}

export function reportTable({ teachers, ensemble, student, testSize }: Report): string {
  const whole = { ...ensemble, name: `ensemble of ${teachers.length}`, relativeCost: 1 };
  return resultsTable([...teachers, whole, student.hard, student.distilled], testSize);
}
