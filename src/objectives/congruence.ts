import { checkNames, checkNumber, checkWhole } from '../checks.js';
import { fill, type Tensor } from '../graph/tensor.js';
import { add, multiply, square, subtract } from '../ops/binary.js';
import { mean } from '../ops/reduce.js';
import { scale } from '../ops/unary.js';
import { EMBEDDING_SOURCE, type EmbeddingSource, embeddings, gram } from './embeddings.js';
import { checkMatrices, unitRows } from './matrices.js';
import type { Objective } from './objective.js';

export interface CongruenceWeights {
  /** γ of the Gaussian kernel exp(−γ‖x − y‖²) (default 0.4). */
  gamma?: number | undefined;
  /** Up to which power its Taylor series goes (default 2). */
  order?: number | undefined;
}

export type CongruenceOptions = CongruenceWeights & EmbeddingSource;

/**
 * Correlation congruence by sample (Peng et al., ICCV 2019, equations 3 and 10): the mean of (k_s − k_t)² over the
 * sample's pairs, k being a Gaussian kernel of rows of length 1 by its Taylor series, Σ_p e^(−2γ)(2γ)^p/p!·⟨x, y⟩^p.
 * Embeddings are [n, units].
 */
export function congruenceLoss(student: Tensor, teacher: Tensor, options: CongruenceWeights = {}): Tensor {
  checkNames(options, 'congruenceLoss', ['gamma', 'order']);
  checkMatrices('congruenceLoss', student, teacher);
  const { gamma, order } = checked(options);
  const [s, t] = [student, teacher].map((x) => kernel(gram(unitRows(x)), gamma, order)) as [Tensor, Tensor];
  return mean(square(subtract(s, t)), 1);
}

function checked({ gamma = 0.4, order = 2 }: CongruenceWeights): { gamma: number; order: number } {
  checkNumber(gamma, 'gamma of congruence', 'a number above 0 and at most 10', (g) => g > 0 && g <= 10);
  checkWhole(order, 'the order of congruence', 1, 10);
  return { gamma, order };
}

function kernel(cosines: Tensor, gamma: number, order: number): Tensor {
  let power: Tensor = fill(1, cosines.shape);
  let factor = 1 / exponential(2 * gamma);
  let sum = scale(power, factor);
  for (let p = 1; p <= order; p++) {
    power = multiply(power, cosines);
    factor *= (2 * gamma) / p;
    sum = add(sum, scale(power, factor));
  }
  return sum;
}

/** e^x of a number from 0 to 20 by its series, which every engine sums to the same bits. */
function exponential(x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n <= 100; n++) {
    term *= x / n;
    sum += term;
  }
  return sum;
}

/** How samples correlate (docs/objectives.md), beside labels(). @throws DistillError 'bad-argument' */
export function congruence(options: CongruenceOptions): Objective {
  checkNames(options, 'congruence', [...EMBEDDING_SOURCE, 'gamma', 'order']);
  const { gamma: _, order: __, ...source } = options;
  const { gamma, order } = checked(options);
  const { spec, needs, of } = embeddings(source);
  return {
    spec: { kind: 'congruence', gamma, order, ...spec },
    ...needs,
    loss: (step) => congruenceLoss(...of(step), { gamma, order }),
  };
}
