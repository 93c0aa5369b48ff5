import { foldedWeights, outputChannels } from './fold-weights.js';
import type { LayerSpec } from './layer-specs.js';
import { checkModel, type TrainedModel, weightOf } from './model-file.js';
import { atomsOf, isComposite, type PlacedAtom, type PlacedLayer, placedLayers } from './placed-layers.js';

type Linear = Extract<PlacedAtom, { kind: 'conv' | 'deconv' | 'depthwise' | 'dense' }>;
type NormLayer = Extract<PlacedAtom, { kind: 'norm' }>;

/** What a layer that is kept has: its values by their suffixes. */
type Own = Readonly<Record<string, Float32Array>>;

/**
 * The same model with fewer layers: where batch norm directly follows a layer of weighted sums, its running statistics,
 * scale and shift go into that layer's weights and bias. Only for predictions: trained further it is another network.
 * Unnamed layers change their places.
 * @throws DistillError 'bad-argument' for weights that don't belong to the architecture.
 */
export function foldNorms(model: TrainedModel): TrainedModel {
  checkModel(model);
  const { input } = model.architecture;
  const kept: Own[] = [];
  const layers = foldedList(placedLayers(model.architecture), model, kept);
  const architecture = { input, layers };
  const weights = new Map(
    atomsOf(placedLayers(architecture)).flatMap(({ parameters }, i) =>
      parameters.map(({ name, suffix }) => [name, kept[i]![suffix]!] as const),
    ),
  );
  return { ...model, architecture, weights };
}

/** The specs that stay, while the values of each layer that isn't composed of others go to `kept` in order. */
function foldedList(layers: readonly PlacedLayer[], model: TrainedModel, kept: Own[]): LayerSpec[] {
  const specs: LayerSpec[] = [];
  for (let i = 0; i < layers.length; i++) {
    const layer = layers[i]!;
    const next = layers[i + 1];
    if (isComposite(layer)) {
      const branches = layer.branches.map((branch) => foldedList(branch, model, kept));
      specs.push({ ...layer.spec, [layer.kind]: branches } as LayerSpec);
    } else if (isLinear(layer) && next?.kind === 'norm') {
      const { bias: _, ...spec } = layer.spec;
      specs.push(spec);
      kept.push(folded(layer, next, model));
      i++;
    } else {
      specs.push(layer.spec);
      kept.push(valuesOf(layer, model));
    }
  }
  return specs;
}

function folded(layer: Linear, norm: NormLayer, model: TrainedModel): Own {
  const { weight, bias } = valuesOf(layer, model);
  const { scale, shift, mean, variance } = valuesOf(norm, model);
  const { epsilon = 1e-5 } = norm.spec;
  const { weights, ...own } = foldedWeights(
    weight!,
    bias,
    outputChannels(layer.kind === 'deconv', layer.parameters[0]!.shape),
    { scale: scale!, shift: shift!, mean: mean!, variance: variance!, epsilon },
  );
  return { weight: weights, ...own };
}

function valuesOf({ parameters }: PlacedAtom, model: TrainedModel): Own {
  return Object.fromEntries(parameters.map((parameter) => [parameter.suffix, weightOf(model, parameter)]));
}

function isLinear(layer: PlacedAtom): layer is Linear {
  return ['conv', 'deconv', 'depthwise', 'dense'].includes(layer.kind);
}
