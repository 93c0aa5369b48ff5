import { parseShorthand } from 'wasm-distill';
import {
  byteInput,
  type Effect,
  gradients,
  initialize,
  network,
  ops,
  type Plans,
  type Tensor,
  type Variable,
  variable,
} from 'wasm-distill/graph';

/** A training whose first step is compared. */
export interface Checked {
  /** In shorthand, from its input to its classes. */
  network: string;
  batch: number;
  /** What the loss is of: labels, or a teacher's logits beside them. */
  teaches: 'labels' | 'teacher';
  optimizer: 'sgd' | 'adam';
}

/**
 * By the names that the table has: large enough for the kernels of large networks, small enough for a minute. Together
 * they draw, shift and drop, take products, convolutions of both strides, batch norm, clip, and move weights by either
 * optimizer.
 */
export const CHECKED: Readonly<Record<string, Checked>> = {
  perceptron: {
    network: '28x28x1 nobn dense128 drop.2 dense64 dense10',
    ...{ batch: 64, teaches: 'labels', optimizer: 'sgd' },
  },
  residual: {
    network: '16x16x3 conv16 res16 res32s2 gap dense10',
    ...{ batch: 16, teaches: 'labels', optimizer: 'sgd' },
  },
  distilled: {
    network: '12x12x1 conv8 pool sep16 pool dense10',
    ...{ batch: 32, teaches: 'teacher', optimizer: 'adam' },
  },
};

const TEMPERATURE = 4;

/** How a training begins, and its step. */
export function plansOf(checked: Record<string, Checked>): Plans {
  return Object.fromEntries(
    Object.entries(checked).flatMap(([name, one]) => {
      const { begin, step } = training(one);
      return [
        [`${name}, begun`, begin],
        [name, step],
      ];
    }),
  );
}

function training({ network: text, batch, teaches, optimizer }: Checked): Record<'begin' | 'step', Effect[]> {
  const { input, layers } = parseShorthand(text).architecture;
  const [height, width, channels] = input.shape as [number, number, number];
  const made = network({ input: { ...input, ...byteInput }, layers });
  const samples = 2 * batch;
  const order = variable('order', [batch], 'i32');
  const images = variable('images', [samples, height, width, channels], 'u8');
  const labels = ops.take(variable('labels', [samples], 'i32'), order);
  const views = {
    shift: { pixels: 1, stream: { kind: 'augmentation', index: 0 } },
    mirror: { kind: 'augmentation', index: 1 },
  } as const;
  const { logits, effects } = made.forward(ops.takeImages(images, order, views), 'train');
  const classes = logits.shape[1]!;
  const taught = ops.take(variable('teacher', [samples, classes]), order);
  const bySample = teaches === 'labels' ? ops.kdLoss(logits, { labels }) : twoTerms(logits, taught, labels);
  const loss = ops.mean(bySample);
  const weights = made.trained.map((parameter) => parameter.variable);
  return {
    begin: initialize(made, 'he'),
    step: [
      ...updates(weights, gradients(loss, weights), optimizer),
      ...effects,
      ops.writeAtStep(variable('losses', [1]), loss, { guard: true }),
    ],
  };
}

/** Cross-entropy with a teacher's probabilities at T, times T², and with labels (Hinton et al. 2015, section 2). */
function twoTerms(logits: Tensor, taught: Tensor, labels: Tensor): Tensor {
  const soft = ops.softmax(taught, TEMPERATURE);
  const softTerm = ops.scale(ops.kdLoss(logits, { soft, temperature: TEMPERATURE }), TEMPERATURE ** 2);
  return ops.add(softTerm, ops.scale(ops.kdLoss(logits, { labels }), 0.1));
}

/** Gradients clipped to a norm of 1, as both optimizers take them. */
function updates(
  weights: readonly Variable<'f32'>[],
  slopes: readonly Tensor[],
  kind: Checked['optimizer'],
): Effect[] {
  const one = ops.fill(1, []);
  const factor = ops.divide(one, ops.add(one, ops.sqrt(ops.sumOfSquares(slopes))));
  const rate = ops.fill(0.01, [1]);
  return weights.map((w, i) => {
    const slot = (name: string) => variable(`${w.name} ${name}`, w.shape);
    const moved = { gradient: slopes[i]!, rate, factor, decay: 1e-4 };
    return kind === 'sgd'
      ? ops.sgdUpdate(w, { ...moved, velocity: slot('velocity'), momentum: 0.9, nesterov: true })
      : ops.adamUpdate(w, {
          ...moved,
          moments: [slot('mean'), slot('square')],
          powers: ops.constant([0.9, 0.999], [2]),
        });
  });
}
