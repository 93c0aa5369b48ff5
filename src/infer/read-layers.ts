import { demand } from '../errors.js';
import type { Pair } from '../graph/names.js';
import { type Shape, size } from '../graph/shape.js';
import type { ConcatSpec, LayerSpec, Sizes, SumSpec } from '../nn/layer-specs.js';
import { pathOf } from '../nn/specs.js';
import { sizeAfter, sizeAfterTransposed, transposedWindowOf, windowOf } from '../nn/windows.js';
import type { Dims, Layer } from './layers.js';
import { takeInNorm } from './norm.js';
import { dequantized, type Parameters, type StoredWeights } from './read-parameters.js';

/** Most phases of a transposed convolution: each is a product of its own. */
const MOST_PHASES = 4096;

interface Read {
  layers: Layer[];
  /** What the last layer makes of one sample. */
  shape: Shape;
}

/**
 * The layers that specs describe, with their parameters. What only follows from another layer is made part of that:
 * batch norms and ReLUs.
 * @throws DistillError 'bad-argument' for layers that don't fit, 'bad-file' for their parameters.
 */
export function readList(
  specs: readonly LayerSpec[],
  prefix: string,
  input: Shape,
  parameters: Parameters,
): Read {
  const layers: Layer[] = [];
  let shape = input;
  specs.forEach((spec, i) => {
    const path = pathOf(spec, `${prefix}${i}`);
    if ('dropout' in spec || ('flatten' in spec && shape.length === 1)) return;
    const before = layers.at(-1);
    if ('relu' in spec && before && 'relu' in before) before.relu = true;
    else if ('norm' in spec) {
      const norm = takeInNorm(before, path, spec.epsilon, shape.at(-1)!, parameters);
      if (norm) layers.push({ ...norm, output: dimsOf(shape) });
    } else {
      const read = readLayer(spec, path, shape, parameters);
      layers.push(read.layer);
      shape = read.shape;
    }
  });
  return { layers, shape };
}

/** A layer without the shape that it makes. */
type Unplaced = Layer extends infer L ? (L extends Layer ? Omit<L, 'output'> : never) : never;

interface Made {
  layer: Layer;
  shape: Shape;
}

function made(layer: Unplaced, shape: Shape): Made {
  return { layer: { ...layer, output: dimsOf(shape) } as Layer, shape };
}

/** Anything but dropout and batch norm. */
function readLayer(spec: LayerSpec, path: string, input: Shape, parameters: Parameters): Made {
  if ('sum' in spec || 'concat' in spec) return readBranches(spec, path, input, parameters);
  const channels = input.at(-1)!;
  const all = size(input);
  /** What a layer with weights of this shape has. */
  const weighted = (shape: Shape, outputs: number, has = true) => ({
    ...parameters.weights(path, shape, outputs),
    bias: has ? parameters.floats(path, 'bias', outputs) : new Float32Array(outputs),
    relu: false,
  });
  if ('dense' in spec) {
    const { dense: outputs, bias } = spec;
    return made({ kind: 'dense', inputs: all, outputs, ...weighted([all, outputs], outputs, bias) }, [
      outputs,
    ]);
  }
  if ('flatten' in spec) return made({ kind: 'flatten' }, [all]);
  if ('maxout' in spec) {
    const { maxout: pieces } = spec;
    demand(channels % pieces === 0, `layer ${path}: ${channels} channels aren't groups of ${pieces}`);
    return made({ kind: 'maxout', pieces }, [...input.slice(0, -1), channels / pieces]);
  }
  const kind = (['leakyRelu', 'sigmoid', 'tanh', 'relu'] as const).find((word) => word in spec);
  if (kind) return made({ kind, slope: 'leakyRelu' in spec ? spec.leakyRelu : 0 }, input);

  demand(input.length === 3, `layer ${path} takes images, but its input is [${input}]`);
  const image: Pair = [input[0]!, input[1]!];
  if ('gap' in spec) {
    const window = { kernel: image, stride: image, padding: [0, 0, 0, 0], dilation: [1, 1] } as const;
    return made({ kind: 'pool', window, share: 1 / size(image) }, [channels]);
  }
  if ('upsample' in spec) {
    const factor = both(spec.upsample);
    return made({ kind: 'upsample', factor }, [image[0] * factor[0], image[1] * factor[1], channels]);
  }
  if ('deconv' in spec) {
    const { deconv: filters, bias } = spec;
    const window = transposedWindowOf(spec);
    const shape = [...sizeAfterTransposed(image, spec, path), filters];
    demand(
      size(window.stride) <= MOST_PHASES,
      `layer ${path}: strides of ${window.stride} are too many to be run here`,
    );
    const layer = floats(weighted([...window.kernel, filters, channels], filters, bias), channels);
    return made({ kind: 'deconv', window, ...layer }, shape);
  }
  if (!('conv' in spec || 'depthwise' in spec || 'pool' in spec || 'avg' in spec))
    throw new TypeError(`an unknown layer ${path}`);
  const window = windowOf(spec);
  const { kernel } = window;
  const pixels = sizeAfter(image, spec, path);
  if ('depthwise' in spec) {
    const layer = floats(weighted([...kernel, channels], channels, spec.bias));
    return made({ kind: 'depthwise', window, ...layer }, [...pixels, channels]);
  }
  if ('conv' in spec) {
    const { conv: filters, groups = 1, bias } = spec;
    demand(
      channels % groups === 0 && filters % groups === 0,
      `layer ${path}: ${channels} channels and ${filters} filters can't be divided into ${groups} groups`,
    );
    const layer = weighted([...kernel, channels / groups, filters], filters, bias);
    const shape = [...pixels, filters];
    if (groups > 1 && groups === channels && groups === filters)
      return made({ kind: 'depthwise', window, ...floats(layer) }, shape);
    return made({ kind: 'conv', window, groups, ...layer }, shape);
  }
  return made({ kind: 'pool', window, share: 'pool' in spec ? 0 : 1 / size(kernel) }, [...pixels, channels]);
}

function readBranches(spec: SumSpec | ConcatSpec, path: string, input: Shape, parameters: Parameters): Made {
  const lists = 'sum' in spec ? spec.sum : spec.concat;
  const read = lists.map((list, i) => readList(list, `${path}.${i}.`, input, parameters));
  const shapes = read.map(({ shape }) => shape);
  const branches = read.map(({ layers }) => layers);
  const [first] = shapes as [Shape];
  /** What has to be the same in all branches. */
  const same = (shape: Shape) => ('sum' in spec ? shape : [...shape.slice(0, -1), 0]).join();
  demand(
    shapes.every((shape) => same(shape) === same(first)),
    `layer ${path}: its branches make [${shapes.join('], [')}], which don't fit together`,
  );
  if ('sum' in spec) return made({ kind: 'sum', branches, relu: false }, first);
  const channels = shapes.reduce((sum, shape) => sum + shape.at(-1)!, 0);
  return made({ kind: 'concat', branches }, [...first.slice(0, -1), channels]);
}

/** Layers that are run in f32 whatever their weights are; the outputs' weights are so many side by side. */
function floats<W extends StoredWeights>(stored: W, inner = 1) {
  return { ...stored, weights: dequantized(stored, inner), scales: undefined };
}

function both(sizes: Sizes): Pair {
  return typeof sizes === 'number' ? [sizes, sizes] : sizes;
}

/** As an image: of more dimensions than three the first are one. */
export function dimsOf(shape: Shape): Dims {
  const [width = 1, channels = 1] = shape.length > 1 ? shape.slice(-2) : [1, ...shape];
  return [shape.slice(0, -2).reduce((a, b) => a * b, 1), width, channels];
}
