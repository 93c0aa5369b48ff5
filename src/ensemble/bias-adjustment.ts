import type { Engine } from '../backends/backend.js';
import { checkNames, shown } from '../checks.js';
import type { Dataset } from '../data/dataset.js';
import { DistillError, demand } from '../errors.js';
import { classesOf } from '../nn/architecture.js';
import { checkModel, type TrainedModel, weightOf } from '../nn/model-file.js';
import { classLayer, type PlacedParameter, placedLayers } from '../nn/placed-layers.js';
import { logitsOf } from '../teachers/logits.js';

/**
 * Raises or lowers the bias of some classes, all by the same amount, until the model predicts them as often as they
 * occur: for a student whose transfer set lacked these classes, or contained nothing else (Hinton, Vinyals, Dean 2015,
 * section 3). `frequency` is the share of the data that belongs to these classes; labels aren't read. Use training
 * images: with test images the errors counted afterwards would be too optimistic.
 * @throws DistillError 'bad-argument' for classes that the model doesn't have (or all of them) and for an invalid
 * frequency.
 */
export async function adjustBias(
  engine: Engine,
  model: TrainedModel,
  data: Dataset,
  options: { classes: readonly number[]; frequency: number },
): Promise<TrainedModel> {
  checkNames(options, 'adjustBias', ['classes', 'frequency']);
  checkModel(model);
  const { classes, frequency } = options;
  const columns = classesOf(model.architecture);
  checkArguments(classes, columns, frequency);
  classBias(model);
  const margins = marginsOf(await logitsOf(engine, [model], data), columns, new Set(classes));
  return withBias(model, classes, amountFor(margins, Math.round(frequency * data.size)));
}

/**
 * The model with an amount added to the logits of some classes, for every input, by way of its class layer's bias.
 * @throws DistillError 'bad-argument' as classBias does.
 */
export function withBias(model: TrainedModel, classes: readonly number[], amount: number): TrainedModel {
  const parameter = classBias(model);
  const bias = weightOf(model, parameter).slice();
  for (const c of classes) bias[c]! += amount;
  return { ...model, weights: new Map([...model.weights, [parameter.name, bias]]) };
}

/**
 * What is added to the logits, one number for each class.
 * @throws DistillError 'bad-argument' for a model whose class layer has no bias, or isn't what answers: then its bias is
 * scaled by a batch norm, cut off by a ReLU, or joined to others.
 */
export function classBias({ architecture }: TrainedModel): PlacedParameter {
  const layers = placedLayers(architecture);
  const last = classLayer(layers);
  const at = layers.indexOf(last);
  demand(
    at >= 0 && layers.slice(at + 1).every(({ kind }) => kind === 'gap' || kind === 'dropout'),
    () =>
      `the bias of the class layer ${last.path} isn't simply added to the logits: it must be the last layer, or followed by gap alone`,
  );
  const bias = last.parameters.find(({ role }) => role === 'bias');
  demand(bias !== undefined, () => `the class layer ${last.path} has no bias to adjust`);
  return bias;
}

/**
 * By how much each sample's greatest logit among the other classes exceeds that among the given ones, in ascending
 * order.
 */
function marginsOf(logits: Float32Array, columns: number, classes: ReadonlySet<number>): Float64Array {
  const margins = new Float64Array(logits.length / columns);
  for (let i = 0; i < margins.length; i++) {
    let given = -Infinity;
    let other = -Infinity;
    for (let c = 0; c < columns; c++) {
      const z = logits[i * columns + c]!;
      if (classes.has(c)) given = Math.max(given, z);
      else other = Math.max(other, z);
    }
    margins[i] = other - given;
  }
  return margins.sort();
}

/** The amount that lifts exactly `count` samples over their margin: the middle of the gap, if there is one. */
function amountFor(margins: Float64Array, count: number): number {
  const below = margins[count - 1] ?? margins[0]! - 2;
  const above = margins[count] ?? margins.at(-1)! + 2;
  return (below + above) / 2;
}

function checkArguments(classes: readonly number[], columns: number, frequency: number): void {
  demand(Array.isArray(classes), () => `classes must be a list, not ${shown(classes)}`);
  const known = classes.every((c) => Number.isInteger(c) && c >= 0 && c < columns);
  const count = new Set(classes).size;
  if (!known || count !== classes.length || count === 0 || count === columns)
    throw new DistillError(
      'bad-argument',
      `the bias of some, not all, of the classes 0 to ${columns - 1} can be adjusted, each named once, not of [${classes}]`,
    );
  if (!(typeof frequency === 'number' && frequency >= 0 && frequency <= 1))
    throw new DistillError(
      'bad-argument',
      `the frequency must be a share from 0 to 1, not ${shown(frequency)}`,
    );
}
