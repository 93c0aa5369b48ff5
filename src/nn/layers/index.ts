import type { LayerName } from '../layer-specs.js';
import { reluLayer } from './activation.js';
import { denseLayer } from './dense.js';
import { dropoutLayer } from './dropout.js';
import { flattenLayer } from './flatten.js';
import type { LayerKind } from './layer.js';

/** Every layer; a missing entry is a compile error. */
export const layerKinds: { readonly [K in LayerName]: LayerKind<K> } = {
  dense: denseLayer,
  relu: reluLayer,
  dropout: dropoutLayer,
  flatten: flattenLayer,
};
