import { count, counted, errorRate, known, percent, precise, share } from '../format/numbers.ts';
import { table } from '../terminal/table.ts';
import type { ComparedModel } from './comparison.ts';
import { marksOf } from './marks.ts';
import type { AgreementReport, KnownTeacher, ModelReport, Report, Seen } from './report.ts';

/** A model's line in a table of results. */
export interface Result extends Pick<ModelReport, 'collapsed' | 'silent'> {
  name: string;
  /** Not known of every model that isn't ours. */
  parameters?: number;
  testErrors: number;
  /** Multiply-adds of one forward pass relative to the ensemble's, if there is one. */
  relativeCost?: number;
  /** Where classes are imbalanced. */
  balancedAccuracy?: number;
}

export function resultsTable(results: readonly Result[], testSize: number): string {
  const compared = results.some(({ relativeCost }) => relativeCost !== undefined);
  const balanced = results.some(({ balancedAccuracy }) => balancedAccuracy !== undefined);
  const rows = results.map(({ name, parameters, testErrors, relativeCost, balancedAccuracy, ...health }) => [
    marksOf(health) ? `${name} (${marksOf(health)})` : name,
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
export function reportTable({
  teachers,
  ensemble,
  student,
  testSize,
  saw,
  agreement,
  comparison,
}: Report): string {
  const whole = ensemble ? [{ ...ensemble, name: `ensemble of ${teachers.length}`, relativeCost: 1 }] : [];
  const results = resultsTable([...teachers, ...whole, student.hard, student.distilled], testSize);
  const lines = [...saw.map(learnedFrom), ...(agreement ? [agreed(agreement, testSize)] : [])];
  const sections = [results, ...(comparison ? [comparisonTable(comparison.models)] : []), lines.join('\n')];
  return sections.join('\n\n');
}

/** Accuracy, size and speed of each; a dash where something isn't known. */
export function comparisonTable(models: readonly ComparedModel[]): string {
  const rows = models.map(({ name, accuracy, bytes, milliseconds }) => [
    name,
    percent(accuracy, 2),
    known(bytes, count),
    known(milliseconds?.one, precise),
    known(milliseconds?.batch, precise),
  ]);
  return table(['side by side', 'accuracy', 'bytes', 'ms for 1', 'ms for 128'], rows);
}

/** "student, distilled: 1,800 samples with soft targets, 900 of them labeled, 60 epochs" */
export function learnedFrom({ name, samples, labeled, epochs, soft, by }: Seen): string {
  const labels = labeled === samples ? 'all labeled' : `${count(labeled)} of them labeled`;
  const targets = soft && !by ? ' with soft targets' : '';
  return `${name}: ${counted(samples, 'sample')}${targets}, ${labels}, ${counted(epochs, 'epoch')}`;
}

/** "teacher big.safetensors: 12 errors on 30 test samples (40.00%); always answering the most frequent class makes 20" */
export function knows({ file, part, samples, errors, constantErrors }: KnownTeacher): string {
  const on = `${counted(samples, `${part} sample`)} (${errorRate(errors, samples)})`;
  return `teacher ${file}: ${counted(errors, 'error')} on ${on}; always answering the most frequent class makes ${count(constantErrors)}`;
}

/** "teachers agree on 9,812 of 10,000 test samples, on 31 of them wrongly; on 54 none is right" */
export function agreed({ unanimous, unanimousErrors, noneRight }: AgreementReport, testSize: number): string {
  return `teachers agree on ${count(unanimous)} of ${counted(testSize, 'test sample')}, on ${count(unanimousErrors)} of them wrongly; on ${count(noneRight)} none is right`;
}
