import type { EffectName } from '../../graph/names.js';
import { size } from '../../graph/shape.js';
import type { Effect } from '../../graph/tensor.js';

/** Writes to the targets' values, in float64, given the inputs' values and the step. */
type Reference<K extends EffectName> = (
  effect: Effect<K>,
  inputs: readonly Float64Array[],
  targets: readonly Float64Array[],
  step: number,
) => void;

/** The definition of every effect; optimizers follow PyTorch. */
export const effectReferences: { readonly [K in EffectName]: Reference<K> } = {
  assign: (_effect, [x], [target]) => target!.set(x!),
  stepWrite: ({ targets }, [x], [target], step) =>
    target!.set(x!, (step % targets[0]!.shape[0]!) * x!.length),
  rowsWrite: ({ targets }, [x, index], [target]) => {
    const columns = size(targets[0]!.shape.slice(1));
    index!.forEach((row, i) => {
      if (row >= 0 && row < targets[0]!.shape[0]!)
        target!.set(x!.subarray(i * columns, (i + 1) * columns), row * columns);
    });
  },
  sgd: ({ attributes: { momentum, decay, nesterov } }, [g, rate, factor], [w, v]) => {
    w!.forEach((weight, i) => {
      const gradient = g![i]! * (factor?.[0] ?? 1) + decay * weight;
      v![i] = momentum * v![i]! + gradient;
      w![i] = weight - rate![0]! * (nesterov ? gradient + momentum * v![i]! : v![i]!);
    });
  },
  adam: ({ attributes }, [g, rate, powers, factor], [w, m, v]) => {
    const { beta1, beta2, epsilon, decay } = attributes;
    w!.forEach((weight, i) => {
      const gradient = g![i]! * (factor?.[0] ?? 1) + decay * weight;
      m![i] = beta1 * m![i]! + (1 - beta1) * gradient;
      v![i] = beta2 * v![i]! + (1 - beta2) * gradient * gradient;
      const first = m![i]! / (1 - powers![0]!);
      const second = v![i]! / (1 - powers![1]!);
      w![i] = weight - (rate![0]! * first) / (Math.sqrt(second) + epsilon);
    });
  },
  maxNorm: ({ targets, attributes: { limit } }, _inputs, [w]) => {
    const [rows, columns] = targets[0]!.shape as [number, number];
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += w![i * columns + j]! * w![i * columns + j]!;
      const norm = Math.sqrt(sum);
      if (norm > limit) for (let i = 0; i < rows; i++) w![i * columns + j]! *= limit / norm;
    }
  },
};
