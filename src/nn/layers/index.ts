import type { LayerName } from '../layer-specs.js';
import { avgLayer } from './avg.js';
import { convLayer } from './conv.js';
import { deconvLayer } from './deconv.js';
import { denseLayer } from './dense.js';
import { depthwiseLayer } from './depthwise.js';
import { dropoutLayer } from './dropout.js';
import { flattenLayer } from './flatten.js';
import { gapLayer } from './gap.js';
import type { LayerKind } from './layer.js';
import { leakyReluLayer } from './leaky-relu.js';
import { maxoutLayer } from './maxout.js';
import { normLayer } from './norm.js';
import { poolLayer } from './pool.js';
import { reluLayer } from './relu.js';
import { sigmoidLayer } from './sigmoid.js';
import { tanhLayer } from './tanh.js';
import { upsampleLayer } from './upsample.js';

/** Every layer; a missing entry is a compile error. */
export const layerKinds: { readonly [K in LayerName]: LayerKind<K> } = {
  conv: convLayer,
  deconv: deconvLayer,
  depthwise: depthwiseLayer,
  dense: denseLayer,
  norm: normLayer,
  relu: reluLayer,
  leakyRelu: leakyReluLayer,
  sigmoid: sigmoidLayer,
  tanh: tanhLayer,
  maxout: maxoutLayer,
  pool: poolLayer,
  avg: avgLayer,
  gap: gapLayer,
  upsample: upsampleLayer,
  flatten: flattenLayer,
  dropout: dropoutLayer,
};
