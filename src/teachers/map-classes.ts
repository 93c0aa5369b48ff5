import { checkList, checkNames, shown } from '../checks.js';
import { demand } from '../errors.js';
import { type AnyModel, checkAnyModels, type ExternalModel, isExternal } from '../evaluate/external.js';
import { sha256 } from '../formats/hash.js';
import { classesOf } from '../nn/architecture.js';
import type { LayerSpec } from '../nn/layer-specs.js';
import type { TrainedModel } from '../nn/model-file.js';
import { classLayer, placedLayers } from '../nn/placed-layers.js';

export interface MapClassesOptions {
  /** Of the model's classes, in its order, where it doesn't say them itself. */
  names?: readonly string[];
  /** 'drop': classes of the model that the data don't have are left out, and the others' probabilities add up to 1 again. */
  extra?: 'drop';
}

/**
 * How far below the greatest logit of a sample that of a class lies which the model doesn't know: its probability is 0
 * in f32 at temperatures up to 9,000, and it is a number with which one can go on.
 */
const BELOW = 1e6;

/**
 * A model for data whose classes are in another order than its own, or of which it knows only some. `classes` says, for
 * each class of the data in order, which of the model's it is: by names, which are found among the model's, or by
 * numbers, −1 for none. What the model doesn't know has the probability 0. Where the order is the model's already, the
 * model itself is the answer.
 *
 * Rejects with 'mismatch' for a model that knows none of the classes, or some that the data don't have, unless `extra`
 * says to drop these; 'bad-argument' for what names no classes.
 */
export async function mapClasses<M extends AnyModel>(
  model: M,
  classes: readonly string[] | readonly number[],
  options: MapClassesOptions = {},
): Promise<M extends TrainedModel ? TrainedModel : ExternalModel> {
  checkAnyModels([model], 'the model');
  checkNames(options, 'mapClasses', ['names', 'extra']);
  const known = isExternal(model) ? model.classes : classesOf(model.architecture);
  const from = placesOf(classes, { known, names: options.names ?? model.classNames });
  checkExtra(from, known, options, model.classNames);
  const names = isNames(classes) ? classes : undefined;
  type Mapped = M extends TrainedModel ? TrainedModel : ExternalModel;
  if (from.length === known && from.every((place, c) => place === c)) return model as unknown as Mapped;
  const mapped = isExternal(model) ? await externalMapped(model, from, names) : ownMapped(model, from, names);
  return mapped as Mapped;
}

function isNames(classes: readonly string[] | readonly number[]): classes is readonly string[] {
  return typeof classes[0] === 'string';
}

/** For each class of the data its place among the model's, −1 for none. */
function placesOf(
  classes: readonly string[] | readonly number[],
  { known, names }: { known: number; names: readonly string[] | undefined },
): number[] {
  const all = Array.isArray(classes) && classes.length > 0;
  if (all && isNames(classes)) {
    checkList(classes, 'classes', 'names', (name) => typeof name === 'string');
    demand(
      names !== undefined,
      () => "the model doesn't say what its classes are called: give names, in its order, or numbers",
    );
    checkList(names, 'names', 'strings', (name) => typeof name === 'string');
    demand(
      names.length === known && new Set(names).size === known,
      () => `names must be ${known} different names, one for each class of the model, not ${names.length}`,
    );
    const places = new Map(names.map((name, place) => [name, place]));
    return checkSome(classes.map((name) => places.get(name) ?? -1));
  }
  const isPlace = (place: unknown) =>
    Number.isInteger(place) && (place as number) >= -1 && (place as number) < known;
  demand(
    all && classes.every(isPlace),
    () =>
      `classes must be names, or numbers from 0 to ${known - 1} and −1 for none, one for each class of the data, not ${shown(classes)}`,
  );
  const places = classes as readonly number[];
  const twice = places.find((place, c) => place >= 0 && places.indexOf(place) < c);
  demand(twice === undefined, () => `class ${twice} of the model is that of two classes of the data`);
  return checkSome([...places]);
}

function checkSome(places: number[]): number[] {
  demand(
    places.some((place) => place >= 0),
    'the model knows none of the classes: check their names',
    'mismatch',
  );
  return places;
}

function checkExtra(
  from: readonly number[],
  known: number,
  { extra, names }: MapClassesOptions,
  own: readonly string[] | undefined,
): void {
  demand(
    extra === undefined || extra === 'drop',
    () => `extra must be 'drop' or left out, not ${shown(extra)}`,
  );
  if (extra === 'drop') return;
  const unused = Array.from({ length: known }, (_, place) => place).filter((place) => !from.includes(place));
  const called = (place: number) => JSON.stringify((names ?? own)?.[place] ?? place);
  demand(
    unused.length === 0,
    () =>
      `the model has ${unused.length} classes that the data don't have, such as ${unused.slice(0, 3).map(called).join(', ')}: extra: 'drop' leaves them out`,
    'mismatch',
  );
}

async function externalMapped(
  model: ExternalModel,
  from: readonly number[],
  classNames: readonly string[] | undefined,
): Promise<ExternalModel> {
  const described = JSON.stringify({ classes: from, of: model.sha256 });
  return {
    name: model.name,
    sha256: await sha256([new TextEncoder().encode(described)]),
    classes: from.length,
    ...(classNames && { classNames }),
    batch: model.batch,
    logits: async (samples, signal) => gathered(await model.logits(samples, signal), model.classes, from),
    ...(model.features && {
      featuresShape: model.featuresShape,
      features: (samples, signal) => model.features!(samples, signal),
    }),
  };
}

function gathered(logits: Float32Array, classes: number, from: readonly number[]): Float32Array {
  const rows = logits.length / classes;
  const found = new Float32Array(rows * from.length);
  for (let row = 0; row < rows; row++) {
    const one = logits.subarray(row * classes, (row + 1) * classes);
    const least = one.reduce((most, z) => Math.max(most, z)) - BELOW;
    for (const [c, place] of from.entries()) found[row * from.length + c] = place < 0 ? least : one[place]!;
  }
  return found;
}

/** A network whose last layer has its units in the order of the data's classes. */
function ownMapped(
  model: TrainedModel,
  from: readonly number[],
  classNames: readonly string[] | undefined,
): TrainedModel {
  const { architecture, weights } = model;
  const last = architecture.layers.at(-1)!;
  demand(
    'dense' in last,
    "the network doesn't end with a dense layer, whose units could be put into another order",
    'mismatch',
  );
  const { bias: _, ...rest } = last;
  const layer: LayerSpec = last.bias === false && !from.includes(-1) ? last : rest;
  const changed = {
    ...architecture,
    layers: [...architecture.layers.slice(0, -1), { ...layer, dense: from.length }],
  };
  const [before, after] = [architecture, changed].map((one) => classLayer(placedLayers(one)));
  const mapped = new Map(weights);
  for (const { name, shape } of after!.parameters) {
    const isBias = shape.length === 1;
    const old = before!.parameters.some((one) => one.name === name)
      ? weights.get(name)!
      : new Float32Array(last.dense);
    mapped.set(name, columns(old, last.dense, from, isBias ? -BELOW : 0));
  }
  return { architecture: changed, weights: mapped, ...(classNames && { classNames }) };
}

function columns(values: Float32Array, width: number, from: readonly number[], absent: number): Float32Array {
  const rows = values.length / width;
  const found = new Float32Array(rows * from.length);
  for (let row = 0; row < rows; row++)
    for (const [c, place] of from.entries())
      found[row * from.length + c] = place < 0 ? absent : values[row * width + place]!;
  return found;
}
