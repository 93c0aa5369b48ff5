import type { Engine } from '../backends/backend.js';
import { brandOf, checkNames, shown } from '../checks.js';
import type { Dataset } from '../data/dataset.js';
import { checkData, inputsLike, type SampleStream } from '../data/stream.js';
import { demand } from '../errors.js';
import { type AnyModel, featuresOfExternal, isExternal } from '../evaluate/external.js';
import { type ForwardControl, forward } from '../evaluate/forward.js';
import { checkFits } from '../nn/architecture.js';
import { checkModel } from '../nn/model-file.js';
import { atomsOf, classLayer, placedLayers } from '../nn/placed-layers.js';

/**
 * The teacher's features for every sample, [size, units]: the inputs of its last layer with weights; of an external model
 * what it tells itself.
 * @throws DistillError 'mismatch' for samples that don't fit it, 'bad-argument' for a teacher without a hidden layer.
 */
export async function hiddenOf(
  engine: Engine,
  teacher: AnyModel,
  data: Dataset | SampleStream,
  control: ForwardControl = {},
): Promise<Float32Array> {
  checkData(data);
  if (isExternal(teacher)) return featuresOfExternal(teacher, data, control);
  checkModel(teacher, 'the teacher');
  checkFits(teacher.architecture, { shape: inputsLike(data).shape, classes: data.classes });
  const layers = atomsOf(placedLayers(teacher.architecture));
  const before = layers.slice(0, layers.indexOf(classLayer(layers)));
  demand(
    before.some(({ parameters }) => parameters.length > 0),
    'the teacher has no hidden layer',
  );
  return forward(engine, [teacher], data, ([model]) => model!.features, control);
}

export interface SelectionOptions {
  /** Maximum number of units to keep. */
  count: number;
  /** Greatest |correlation| that two kept units may have. */
  correlation: number;
}

/**
 * Which units of a layer to keep as targets: those that discriminate strongly and correlate little with one another,
 * the best first (after Luo et al. 2016, Face Model Compression by Distilling Knowledge from Neurons, section 3).
 * Greedy: units are taken in order of their Fisher ratio (variance between class means over variance within classes),
 * and each is kept unless it correlates with a better one already kept. `activations` are [size, units]; a few thousand
 * samples will do.
 */
export function selectFeatures(
  activations: Float32Array,
  labels: Int32Array,
  options: SelectionOptions,
): number[] {
  checkNames(options, 'selectFeatures', ['count', 'correlation']);
  const { count, correlation } = options;
  check(activations, labels, count, correlation);
  const units = columnsOf(activations, labels.length);
  const ratios = units.map((unit) => fisherRatio(unit, labels));
  const ranked = [...ratios.keys()].filter((u) => ratios[u]! > 0);
  ranked.sort((a, b) => (ratios[b]! > ratios[a]! ? 1 : ratios[b]! < ratios[a]! ? -1 : a - b));
  const kept: { unit: number; shape: Float64Array }[] = [];
  for (const unit of ranked) {
    if (kept.length === count) break;
    const shape = standardized(units[unit]!);
    if (kept.every((other) => Math.abs(dot(shape, other.shape)) <= correlation)) kept.push({ unit, shape });
  }
  return kept.map(({ unit }) => unit);
}

/** Only the selected units, [size, selected], in the order of the selection. */
export function featuresOf(
  activations: Float32Array,
  options: { size: number; selected: readonly number[] },
): Float32Array {
  checkNames(options, 'featuresOf', ['size', 'selected']);
  const { size, selected } = options;
  const units = activations?.length / size;
  demand(
    Number.isInteger(units) && units >= 1,
    () => `featuresOf: ${activations?.length} activations aren't equally many for each of ${size} samples`,
  );
  demand(
    Array.isArray(selected) && selected.every((u) => Number.isInteger(u) && u >= 0 && u < units),
    () => `featuresOf: selected must be units from 0 to ${units - 1}, not [${selected}]`,
  );
  const result = new Float32Array(size * selected.length);
  for (let i = 0; i < size; i++)
    for (let k = 0; k < selected.length; k++)
      result[i * selected.length + k] = activations[i * units + selected[k]!]!;
  return result;
}

/** [size, units] as a column for each unit. */
function columnsOf(activations: Float32Array, size: number): Float64Array[] {
  const units = activations.length / size;
  return Array.from({ length: units }, (_, u) =>
    Float64Array.from({ length: size }, (_, i) => activations[i * units + u]!),
  );
}

/**
 * Variance of the class means over the mean variance within classes, both weighted by the samples per class. Unlabeled
 * samples belong to no class.
 */
function fisherRatio(unit: Float64Array, labels: Int32Array): number {
  const means = new Map<number, { sum: number; count: number }>();
  unit.forEach((v, i) => {
    if (labels[i]! < 0) return;
    const of = means.get(labels[i]!) ?? { sum: 0, count: 0 };
    means.set(labels[i]!, { sum: of.sum + v, count: of.count + 1 });
  });
  const mean = meanOf(unit.filter((_, i) => labels[i]! >= 0));
  let between = 0;
  let within = 0;
  unit.forEach((v, i) => {
    if (labels[i]! < 0) return;
    const { sum, count } = means.get(labels[i]!)!;
    between += square(sum / count - mean);
    within += square(v - sum / count);
  });
  return between === 0 ? 0 : between / within;
}

/** With mean 0 and length 1, so that the dot product of two is their correlation. */
function standardized(unit: Float64Array): Float64Array {
  const mean = meanOf(unit);
  const centered = unit.map((v) => v - mean);
  const length = Math.sqrt(dot(centered, centered));
  return centered.map((v) => v / length);
}

function meanOf(unit: Float64Array): number {
  return unit.reduce((sum, v) => sum + v, 0) / unit.length;
}

/** Not **, on which engines may disagree. */
function square(x: number): number {
  return x * x;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function check(activations: Float32Array, labels: Int32Array, count: number, correlation: number): void {
  for (const [given, type] of [
    [activations, 'Float32Array'],
    [labels, 'Int32Array'],
  ] as const)
    demand(brandOf(given) === type, () => `feature selection needs a ${type}, not ${shown(given)}`);
  demand(
    labels.length > 0 && activations.length > 0 && activations.length % labels.length === 0,
    () =>
      `feature selection: ${activations.length} activations aren't equally many for each of ${labels.length} samples`,
  );
  demand(
    labels.some((label) => label >= 0),
    'feature selection: no sample has a label, so that no unit can be told to discriminate',
  );
  const bad = activations.findIndex((v) => !Number.isFinite(v));
  demand(bad < 0, () => `feature selection: activation ${bad} is ${activations[bad]}`);
  demand(
    Number.isInteger(count) && count >= 1,
    () => `feature selection: the count must be a whole number of at least 1, not ${count}`,
  );
  demand(
    correlation >= 0 && correlation <= 1,
    () => `feature selection: the greatest correlation must lie between 0 and 1, not ${correlation}`,
  );
}
