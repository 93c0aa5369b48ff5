import { demand } from '../../errors.js';
import type { Effect, Tensor } from '../../graph/tensor.js';
import { moments, normalize, rowOf, rowsOf } from '../../ops/batch-norm.js';
import { add } from '../../ops/binary.js';
import { concat } from '../../ops/concat.js';
import { assign } from '../../ops/effects.js';
import { reshape } from '../../ops/reshape.js';
import { scale } from '../../ops/unary.js';
import type { LayerKind, ParameterSpec, Variables } from './layer.js';

/**
 * Batch norm (Ioffe & Szegedy 2015) by channel, of images [h, w, c] or rows [c]. In training with the batch's own
 * moments, whose share `momentum` goes into the running statistics, the variance as the unbiased one (PyTorch does the
 * same); otherwise with the running statistics.
 */
export const normLayer: LayerKind<'norm'> = {
  output: (_spec, input) => input,
  parameters: (_spec, input) => {
    const one = (suffix: string, role: ParameterSpec['role'], begins: number): ParameterSpec => ({
      ...{ suffix, shape: [input.at(-1)!], role, fanIn: 1, begins },
    });
    return [
      one('scale', 'scale', 1),
      one('shift', 'shift', 0),
      one('mean', 'state', 0),
      one('variance', 'state', 1),
    ];
  },
  forward: ({ momentum = 0.1, epsilon = 1e-5 }, x, own, { mode }) => {
    const normalized = (by: Tensor) => normalize(x, by, own.scale!, own.shift!, { epsilon });
    if (mode === 'infer') return { output: normalized(running(own)) };
    const rows = rowsOf(x);
    demand(
      rows > 1,
      () =>
        `batch norm can't be trained on one row (the batch is 1${x.shape.length > 2 ? ', and the image 1 × 1' : ''}): use batches of at least 2`,
    );
    const batch = moments(x);
    return { output: normalized(batch), effects: kept(batch, rows, momentum, own) };
  },
  multiplyAdds: () => 0,
};

/** Mean and variance as moments() has them, [2, c]. */
function running({ mean, variance }: Variables): Tensor {
  const row = [1, mean!.shape[0]!];
  return concat([reshape(mean!, row), reshape(variance!, row)], 0);
}

/** running ← (1 − momentum)·running + momentum·batch. */
function kept(batch: Tensor, rows: number, momentum: number, { mean, variance }: Variables): Effect[] {
  const moved = (old: Tensor, row: 0 | 1, share: number) =>
    add(scale(old, 1 - momentum), scale(rowOf(batch, row), share));
  return [
    assign(mean!, moved(mean!, 0, momentum)),
    assign(variance!, moved(variance!, 1, (momentum * rows) / (rows - 1))),
  ];
}
