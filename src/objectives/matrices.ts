import { shown } from '../checks.js';
import { demand } from '../errors.js';
import { sameShape } from '../graph/shape.js';
import { checkTensor, type Tensor } from '../graph/tensor.js';
import { shift, sqrt } from '../ops/unary.js';

/** Refuses what are no matrices of numbers, a row for each sample, or don't have as many rows. */
export function checkMatrices(of: string, ...given: readonly Tensor[]): void {
  for (const x of given) {
    checkTensor(x, of);
    demand(
      x.shape.length === 2 && x.dtype === 'f32',
      () => `${of} takes f32 matrices, a row for each sample, not ${x.dtype} [${x.shape}]`,
    );
    demand(
      x.shape[0] === given[0]!.shape[0],
      () => `${of}: there are ${given[0]!.shape[0]} rows of the one, ${x.shape[0]} of the other`,
    );
  }
}

/** As checkMatrices, for logits of the same classes. */
export function checkLogits(of: string, ...given: readonly Tensor[]): void {
  checkMatrices(of, ...given);
  for (const x of given)
    demand(
      sameShape(x.shape, given[0]!.shape),
      () => `${of}: logits of [${given[0]!.shape}] and of [${x.shape}] aren't of the same classes`,
    );
}

/** Refuses what is no row of labels, one for each row of the logits. */
export function checkLabels(of: string, labels: Tensor, logits: Tensor): void {
  checkTensor(labels, of);
  demand(
    labels.dtype === 'i32' && sameShape(labels.shape, [logits.shape[0]!]),
    () => `${of}: labels must be i32 [${logits.shape[0]}], not ${shown(labels.dtype)} [${labels.shape}]`,
  );
}

/** Lost in f32 beside any other number. */
const TINY = 1e-24;

/** √x of what is never below 0; of 0 with a gradient that is finite. */
export function rootOf(x: Tensor): Tensor {
  return sqrt(shift(x, TINY));
}
