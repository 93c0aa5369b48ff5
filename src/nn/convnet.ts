import { checkBoolean, checkList, checkNames, checkWhole } from '../checks.js';
import { demand } from '../errors.js';
import type { Shape } from '../graph/shape.js';
import { checkArchitecture } from './architecture.js';
import { activated } from './blocks.js';
import type { LayerSpec, Pad } from './layer-specs.js';
import type { Architecture, InputSpec } from './specs.js';

/** What convnet() takes. */
export interface ConvnetOptions {
  classes: number;
  /** The filters of each convolution, stage by stage: [[32, 32], [64, 64]]. A max pool of 2 × 2 follows each stage. */
  filters: readonly (readonly number[])[];
  /** Units of the hidden layers after the convolutions (default: none). */
  dense?: readonly number[];
  /** Height and width of the filters (default 3). */
  kernel?: number;
  /** Around the images (default 'same': as many as keep the size). */
  pad?: Pad;
  /** Batch norm after each hidden layer (default true); without it layers have biases. */
  norm?: boolean;
  /** The samples' input spec besides its shape. */
  input?: Omit<InputSpec, 'shape'>;
}

/**
 * A plain convolutional network for images of shape [height, width, channels]: convolutions, each with a ReLU, in stages
 * that end with a pool, then dense layers. The outputs of the hidden layers are `conv1`, `conv2`, …, `dense1`, … (after
 * their ReLUs; before: `conv1:pre`), that of the last one `logits`.
 * @throws DistillError 'bad-argument', also for more pools than the images have room for.
 */
export function convnet(shape: Shape, options: ConvnetOptions): Architecture {
  checkOptions(options);
  const { classes, filters, dense = [], kernel = 3, pad = 'same', norm = true, input } = options;
  let convolutions = 0;
  const stages = filters.flatMap((stage): LayerSpec[] => [
    ...stage.flatMap((conv) => {
      convolutions++;
      return activated({ conv, kernel, pad }, { norm, name: `conv${convolutions}` });
    }),
    { pool: 2 },
  ]);
  const hidden = dense.flatMap((units, i) => activated({ dense: units }, { norm, name: `dense${i + 1}` }));
  const layers = [...stages, ...hidden, { name: 'logits', dense: classes }];
  return checkArchitecture({ input: { ...input, shape }, layers });
}

function checkOptions(options: ConvnetOptions): void {
  checkNames(options, 'convnet', ['classes', 'filters', 'dense', 'kernel', 'pad', 'norm', 'input']);
  const { classes, filters, dense = [], norm = true, input = {} } = options;
  checkWhole(classes, 'the classes of convnet', 1, Infinity);
  checkList(filters, 'the filters of convnet', 'lists of numbers, one a stage', Array.isArray);
  checkList(dense, "convnet's dense", 'numbers of units', Number.isInteger);
  checkBoolean(norm, 'norm of convnet');
  checkNames(input, "convnet's input", ['values', 'normalization']);
  demand(
    filters.every((stage) => stage.length > 0),
    'each stage of convnet needs at least one number of filters',
  );
}
