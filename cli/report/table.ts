import { count, counted, errorRate, known, percent, share } from '../format/numbers.ts';
import { table } from '../terminal/table.ts';
import type { AgreementReport, Report, Seen } from './report.ts';

/** A model's line in a table of results. */
export interface Result {
  name: string;
  /** Not known of every model that isn't ours. */
  parameters?: number;
  testErrors: number;
  /** Multiply-adds of one forward pass relative to the ensemble's, if there is one. */
  relativeCost?: number;
  collapsed?: true;
  /** Where classes are imbalanced. */
  balancedAccuracy?: number;
}

export function resultsTable(results: readonly Result[], testSize: number): string {
  const compared = results.some(({ relativeCost }) => relativeCost !== undefined);
  const balanced = results.some(({ balancedAccuracy }) => balancedAccuracy !== undefined);
  const rows = results.map(({ name, parameters, testErrors, relativeCost, collapsed, balancedAccuracy }) => [
    collapsed ? `${name} (collapsed)` : name,
    known(parameters, count),
    count(testErrors),
    errorRate(testErrors, testSize),
    ...(balanced ? [balancedAccuracy === undefined ? '–' : percent(balancedAccuracy, 1)] : []),
    ...(compared ? [known(relativeCost, share)] : []),
  ]);
  const more = [...(balanced ? ['balanced accuracy'] : []), ...(compared ? ['forward cost'] : [])];
  return table(['model', 'parameters', 'test errors', 'error', ...more], rows);
}

/** The results of the main job, with what each model learned from and how its teachers agree. */
export function reportTable({ teachers, ensemble, student, testSize, saw, agreement }: Report): string {
  const whole = { ...ensemble, name: `ensemble of ${teachers.length}`, relativeCost: 1 };
  const results = resultsTable([...teachers, whole, student.hard, student.distilled], testSize);
  const lines = [...saw.map(learnedFrom), ...(agreement ? [agreed(agreement, testSize)] : [])];
  return `${results}\n\n${lines.join('\n')}`;
}

/** "student, distilled: 1,800 samples with soft targets, 900 of them labeled, 60 epochs" */
export function learnedFrom({ name, samples, labeled, epochs, soft }: Seen): string {
  const labels = labeled === samples ? 'all labeled' : `${count(labeled)} of them labeled`;
  const targets = soft ? ' with soft targets' : '';
  return `${name}: ${counted(samples, 'sample')}${targets}, ${labels}, ${counted(epochs, 'epoch')}`;
}

/** "teachers agree on 9,812 of 10,000 test samples, on 31 of them wrongly; on 54 none is right" */
export function agreed({ unanimous, unanimousErrors, noneRight }: AgreementReport, testSize: number): string {
  return `teachers agree on ${count(unanimous)} of ${counted(testSize, 'test sample')}, on ${count(unanimousErrors)} of them wrongly; on ${count(noneRight)} none is right`;
}
