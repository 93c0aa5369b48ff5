import {
  type Dataset,
  type Engine,
  type Evaluation,
  evaluate,
  mostProbable,
  weightsSha256,
} from 'wasm-distill';
import type { Agreement } from 'wasm-distill/ensemble';
import type { Trained } from 'wasm-distill/jobs';
import { type Costs, costsOf, costsOfGiven, sumOf } from '../evaluation/costs.ts';
import { round } from '../format/numbers.ts';
import type { GivenModel } from '../training/teachers.ts';
import type { AgreementReport, Curve, Example, Misclassified, ModelReport, Seen } from './report.ts';
import { shownSample } from './shown-sample.ts';

/** How many misclassified test images a report shows. */
const MOST_MISTAKES = 100;
/** How many of the images that split the teachers a report lists. */
const MOST_DISPUTES = 20;
/** Of how many classes a report shows the first example. */
const MOST_FIRSTS = 20;
/** How many examples a report shows besides the first of each class: those the ensemble is least certain of. */
const UNCERTAIN = 5;

/** Multiply-adds of all; 0 where one's aren't known. */
export function ensembleCost(costs: readonly Costs[]): number {
  return sumOf(costs.map(({ multiplyAdds }) => multiplyAdds)) ?? 0;
}

/** `whole` is what a forward pass is compared to: the ensemble's multiply-adds, 0 where there is none. */
export async function modelReport(
  { job, model, testErrors, collapsed, silent, kept }: Trained,
  file: string,
  whole: number,
): Promise<ModelReport> {
  return {
    ...described(
      {
        ...{ name: job.title, testErrors, file },
        ...{ costs: costsOf(model.architecture), sha256: await weightsSha256(model) },
      },
      whole,
    ),
    ...(collapsed && { collapsed }),
    ...(silent && { silent }),
    ...(kept !== undefined && { kept }),
  };
}

/** Of a teacher that no training of the run has made. */
export async function givenReport(
  engine: Engine,
  { title, file, model, onnx }: GivenModel & { title: string },
  test: Dataset,
  whole: number,
): Promise<ModelReport> {
  const { errors } = await evaluate(engine, model, test);
  const costs = costsOfGiven({ model, ...(onnx && { onnx }) });
  const sha256 = 'architecture' in model ? await weightsSha256(model) : model.sha256;
  const report = described({ name: title, testErrors: errors, file, costs, sha256 }, whole);
  return onnx ? { ...report, bytes: onnx.facts.bytes } : report;
}

interface Described {
  name: string;
  testErrors: number;
  file: string;
  costs: Costs;
  sha256: string;
}

function described({ name, testErrors, file, costs, sha256 }: Described, whole: number): ModelReport {
  const { layers, parameters, multiplyAdds } = costs;
  return {
    ...{ name, layers },
    ...(parameters !== undefined && { parameters }),
    ...{ testErrors, weightsSha256: sha256 },
    ...(whole > 0 && multiplyAdds !== undefined && { relativeCost: multiplyAdds / whole }),
    file,
  };
}

/** What a model learned from; the library hides a share of the labels evenly. */
export function seen(
  name: string,
  { size, labels }: Pick<Dataset, 'size' | 'labels'>,
  { epochs, unlabeled = 0, soft }: { epochs: number; unlabeled?: number; soft: boolean },
): Seen {
  const hidden = (i: number) => Math.floor((i + 1) * unlabeled) > Math.floor(i * unlabeled);
  const labeled = labels.filter((label, i) => label >= 0 && !hidden(i)).length;
  return { name, samples: size, labeled, epochs, soft };
}

export function agreementReport(found: Agreement): AgreementReport {
  const { unanimous, unanimousErrors, noneRight, alike, errors, errorsTogether, disputed } = found;
  return {
    ...{ unanimous, unanimousErrors, noneRight, errorsTogether },
    alike: alike.map((row) => [...row]),
    errors: [...errors],
    disputed: disputed.length,
    disputes: disputed.slice(0, MOST_DISPUTES).map(({ sample, label, decisions, together }) => ({
      ...{ index: sample, label, together },
      decisions: [...decisions],
    })),
  };
}

export function curve({ job, history }: Trained): Curve {
  return {
    name: job.title,
    points: history.map(({ seconds: _, ...point }) => point),
  };
}

/** Seconds of each training, including those before an interruption. */
export function trainingSeconds(trained: readonly Trained[]): Record<string, number> {
  return Object.fromEntries(trained.map(({ job, history }) => [job.title, round(history.at(-1)!.seconds)]));
}

/** The test images a report shows: the first of each class, and those the ensemble is least certain of. */
export function chooseExamples({ probabilities }: Evaluation, { labels, classes, size }: Dataset): number[] {
  const shown = Math.min(classes, MOST_FIRSTS);
  const firsts = Array.from({ length: shown }, (_, label) => labels.indexOf(label)).filter((i) => i >= 0);
  const certainty = (i: number) => Math.max(...probabilities.subarray(i * classes, (i + 1) * classes));
  const rest = Array.from({ length: size }, (_, i) => i).filter((i) => !firsts.includes(i));
  const uncertain = rest.map((i) => [certainty(i), i] as const).sort(([a, i], [b, j]) => a - b || i - j);
  return [...firsts, ...uncertain.slice(0, UNCERTAIN).map(([, i]) => i)];
}

/** `softened`: the chosen images' probabilities at the run's temperature. */
export function examples(
  indices: readonly number[],
  test: Dataset,
  atOne: Float32Array,
  softened: Float32Array,
): Example[] {
  return indices.map((index, n) => ({
    index,
    label: test.labels[index]!,
    ...shownSample(test, index),
    atOne: row(atOne, index, test.classes),
    atTemperature: row(softened, n, test.classes),
  }));
}

/** The most confident mistakes first. */
export function mistakes({ probabilities }: Evaluation, test: Dataset): Misclassified[] {
  const found: Misclassified[] = [];
  for (let index = 0; index < test.size; index++) {
    const p = probabilities.subarray(index * test.classes, (index + 1) * test.classes);
    const predicted = mostProbable(p);
    const label = test.labels[index]!;
    if (label >= 0 && predicted !== label)
      found.push({ index, label, predicted, confidence: p[predicted]!, ...shownSample(test, index) });
  }
  return found.sort((a, b) => b.confidence - a.confidence || a.index - b.index).slice(0, MOST_MISTAKES);
}

function row(values: Float32Array, index: number, length: number): number[] {
  return [...values.subarray(index * length, (index + 1) * length)];
}
