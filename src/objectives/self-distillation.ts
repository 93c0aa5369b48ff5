import { checkList, checkNames, checkNumber, checkTemperature } from '../checks.js';
import { demand } from '../errors.js';
import type { Shape } from '../graph/shape.js';
import type { Tensor } from '../graph/tensor.js';
import { classesOf } from '../nn/architecture.js';
import type { LayerSpec } from '../nn/layer-specs.js';
import type { Architecture } from '../nn/specs.js';
import { tapOf, unitsAt } from '../nn/tap-shape.js';
import { add } from '../ops/binary.js';
import { kdLoss } from '../ops/kd-loss.js';
import { stopGradient } from '../ops/stop-gradient.js';
import { scale } from '../ops/unary.js';
import { hintLoss } from './hints.js';
import { layerAt } from './layer-at.js';
import { checkLabels, checkLogits } from './matrices.js';
import type { Objective } from './objective.js';
import { divergence } from './standardized.js';

export interface SelfDistillationOptions {
  /** The student's layers that get a classifier of their own, by name or place. */
  layers: readonly string[];
  /** Share of the deepest classifier's soft targets, 0 to 1 (default 0.1). */
  alpha?: number | undefined;
  /** Default 3. */
  temperature?: number | undefined;
  /** Weight of ½‖own features − deepest features‖² (default 0: none). */
  hint?: number | undefined;
}

/** A batch's logits, [batch, classes], by a shallow classifier and by the deepest one, and its labels, [batch] i32. */
export interface ShallowBatch {
  logits: Tensor;
  deepest: Tensor;
  labels: Tensor;
}

/**
 * What a shallow classifier learns, by sample: (1 − α)·CE(label) + α·T²·KL(deepest ‖ own) (Zhang et al., Be Your Own
 * Teacher, ICCV 2019, equation 7 without its hints). The deepest one's logits are constants.
 */
export function shallowLoss(
  batch: ShallowBatch,
  options: { alpha?: number | undefined; temperature?: number | undefined } = {},
): Tensor {
  checkNames(batch, 'shallowLoss', ['logits', 'deepest', 'labels']);
  checkNames(options, 'shallowLoss', ['alpha', 'temperature']);
  const { logits, deepest, labels } = batch;
  const { alpha, temperature } = completed(options);
  checkLogits('shallowLoss', logits, deepest);
  checkLabels('shallowLoss', labels, logits);
  return add(
    scale(kdLoss(logits, { labels }), 1 - alpha),
    scale(divergence(logits, stopGradient(deepest), temperature), alpha),
  );
}

function completed({ alpha = 0.1, temperature = 3, hint = 0 }: Partial<SelfDistillationOptions>) {
  checkNumber(alpha, 'alpha', 'a share from 0 to 1', (a) => a >= 0 && a <= 1);
  checkTemperature(temperature);
  checkNumber(hint, 'hint', 'a number of at least 0', (weight) => weight >= 0 && weight < Infinity);
  return { alpha, temperature, hint };
}

/**
 * A student that is its own teacher: classifiers at some of its layers, thrown away at the end, learn from the labels and
 * from its answers, and so pull the layers below them. @throws DistillError 'bad-argument'
 */
export function selfDistillation(options: SelfDistillationOptions): Objective {
  checkNames(options, 'selfDistillation', ['layers', 'alpha', 'temperature', 'hint']);
  const { layers, ...rest } = options;
  checkList(layers, 'layers', "layers' names or places", (one) => typeof one === 'string');
  demand(layers.length > 0, 'selfDistillation needs at least one layer that gets a classifier');
  const { alpha, temperature, hint } = completed(rest);
  const taps = [...layers];
  return {
    spec: { kind: 'self-distillation', layers: taps, alpha, temperature, hint },
    helpers: (student) =>
      Object.fromEntries(
        taps.map((tap) => [tap, classifierAt(student, tapOf(student, tap, 'the student').shape)]),
      ),
    loss: ({ student, helpers, labels }) =>
      taps
        .map((tap) => {
          const own = helpers[tap]!.forward(layerAt(student, tap, 'the student'), 'train');
          const { logits: deepest, features } = student;
          const loss = shallowLoss({ logits: own.logits, deepest, labels }, { alpha, temperature });
          if (hint === 0) return loss;
          return add(loss, scale(hintLoss(own.features, stopGradient(features)), hint));
        })
        .reduce(add, kdLoss(student.logits, { labels })),
  };
}

/** A bottleneck, which for maps is a convolution and the mean of each channel, then the classes. */
function classifierAt(student: Architecture, shape: Shape): Architecture {
  // As many features as the student has: so they can be hints.
  const units = unitsAt(student, undefined, 'the student');
  const bottleneck: LayerSpec[] =
    shape.length === 3
      ? [{ conv: units, stride: 2, bias: false }, { norm: 'batch' }, { relu: true }, { gap: true }]
      : [{ dense: units }, { relu: true }];
  return { input: { shape }, layers: [...bottleneck, { dense: classesOf(student) }] };
}
