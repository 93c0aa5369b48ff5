import { checkList, checkNames } from '../checks.js';
import { demand } from '../errors.js';
import { checkArchitecture } from '../nn/architecture.js';
import { checkModel, type TrainedModel, weightOf } from '../nn/model-file.js';
import { atomsOf, classLayer, type PlacedAtom, parametersOf, placedLayers } from '../nn/placed-layers.js';
import type { Architecture } from '../nn/specs.js';

/** What a training takes over from a model: the weights of some layers. */
export interface Start {
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** The layers that go on from the model's weights, and those that begin anew. */
  readonly taken: readonly string[];
  readonly fresh: readonly string[];
}

/**
 * A start for a network from a model of other classes or data: every layer of the same path whose parameters all have
 * the same shapes goes on from the model's; the others begin anew, such as a last layer of another number of classes.
 * Where `classNames` of the new data are others than the model's, the last layer begins anew whatever its shape: its
 * units mean something else.
 *
 *     train(engine, { architecture, data, initial: startFrom(model, architecture), … })
 *
 * @throws DistillError 'mismatch' if no layer fits.
 */
export function startFrom(
  model: TrainedModel,
  architecture: Architecture,
  options: { classNames?: readonly string[] | undefined } = {},
): Start {
  checkModel(model);
  checkArchitecture(architecture);
  checkNames(options, 'startFrom', ['classNames']);
  const { classNames } = options;
  if (classNames !== undefined)
    checkList(classNames, 'classNames', 'strings', (name) => typeof name === 'string');
  const known = model.classNames !== undefined && classNames !== undefined;
  const renamed = known && JSON.stringify(classNames) !== JSON.stringify(model.classNames);
  const placed = placedLayers(architecture);
  const last = classLayer(placed);
  const shapes = new Map(parametersOf(model.architecture).map(({ name, shape }) => [name, shape.join()]));
  const fits = (layer: PlacedAtom) =>
    layer.parameters.every(({ name, shape }) => shapes.get(name) === shape.join());
  const layers = atomsOf(placed).filter(({ parameters }) => parameters.length > 0);
  const taken = layers.filter((layer) => fits(layer) && !(renamed && layer === last));
  demand(
    taken.length > 0,
    () =>
      `no layer of the model fits the network: it has ${namesOf(model.architecture)}, the network ${namesOf(architecture)}; layers go on from those of the same name and shapes`,
    'mismatch',
  );
  return {
    weights: new Map(
      taken.flatMap(({ parameters }) =>
        parameters.map((parameter) => [parameter.name, weightOf(model, parameter)] as const),
      ),
    ),
    taken: taken.map(({ path }) => path),
    fresh: layers.filter((layer) => !taken.includes(layer)).map(({ path }) => path),
  };
}

/** Names and shapes of the first parameters, for a sentence. */
function namesOf(architecture: Architecture): string {
  const all = parametersOf(architecture);
  const some = all.slice(0, 4).map(({ name, shape }) => `${name} [${shape}]`);
  return `${some.join(', ')}${all.length > some.length ? ', …' : ''}`;
}
