import { checkNames, checkNumber, checkWhole, checkWord } from '../checks.js';
import { demand } from '../errors.js';
import { fill, type Tensor } from '../graph/tensor.js';
import type { Architecture } from '../nn/specs.js';
import { unitsAt } from '../nn/tap-shape.js';
import { add, multiply, square, subtract } from '../ops/binary.js';
import { concat } from '../ops/concat.js';
import { mean, sum } from '../ops/reduce.js';
import { slice } from '../ops/slice.js';
import { abs, scale } from '../ops/unary.js';
import { unitRows } from '../ops/unit-rows.js';
import { EMBEDDING_SOURCE, type EmbeddingSource, embeddings, gram } from './embeddings.js';
import { checkLogits, checkMatrices } from './matrices.js';
import type { Objective, Step } from './objective.js';

export interface CongruenceWeights {
  /** γ of the Gaussian kernel exp(−γ‖x − y‖²) (default 0.4). */
  gamma?: number | undefined;
  /** Up to which power its Taylor series goes (default 2). */
  order?: number | undefined;
}

export interface CongruenceForm {
  /**
   * 'paper' (default), or 'common': what RepDistiller has from one of the authors, neighborLoss() of linear embeddings of
   * both, which learn beside the student; its usual weight is 0.02.
   */
  form?: 'paper' | 'common' | undefined;
}

export type CongruenceOptions = CongruenceWeights & CongruenceForm & EmbeddingSource;

/** Units of the embeddings of form 'common'. */
const UNITS = 128;

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
  let series = scale(power, factor);
  for (let p = 1; p <= order; p++) {
    power = multiply(power, cosines);
    factor *= (2 * gamma) / p;
    series = add(series, scale(power, factor));
  }
  return series;
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

/**
 * Σ_d |e_s − e_t|_d of a sample times that of the next one in the batch, by sample; the last one's is 0. Not the paper's: it
 * is what RepDistiller calls correlation congruence. Embeddings are [n, units] both.
 */
export function neighborLoss(student: Tensor, teacher: Tensor): Tensor {
  checkLogits('neighborLoss', student, teacher);
  const [n, units] = student.shape as [number, number];
  demand(n > 1, 'neighborLoss needs batches of at least 2 samples');
  const apart = abs(subtract(student, teacher));
  const rows = (start: number) => slice(apart, { start: [start, 0], shape: [n - 1, units] });
  // The mean over n samples is then that over n − 1 pairs.
  const products = scale(sum(multiply(rows(0), rows(1)), 1), n / (n - 1));
  return concat([products, fill(0, [1])], 0);
}

/** How samples correlate (docs/objectives.md), beside labels(). @throws DistillError 'bad-argument' */
export function congruence(options: CongruenceOptions): Objective {
  checkNames(options, 'congruence', [...EMBEDDING_SOURCE, 'gamma', 'order', 'form']);
  const { gamma: _, order: __, form = 'paper', ...source } = options;
  checkWord(form, 'form', ['paper', 'common']);
  const { gamma, order } = checked(options);
  const { spec, needs, of } = embeddings(source as EmbeddingSource);
  if (form === 'common')
    return {
      spec: { kind: 'congruence', form, ...spec },
      ...needs,
      ...embedded(source as EmbeddingSource, of),
    };
  return {
    spec: { kind: 'congruence', gamma, order, ...spec },
    ...needs,
    loss: (step) => congruenceLoss(...of(step), { gamma, order }),
  };
}

/** The loss of linear embeddings of both. */
function embedded(
  { layer, teacher, teacherLayer, units }: EmbeddingSource,
  of: (step: Step) => [Tensor, Tensor],
): Pick<Objective, 'helpers' | 'loss'> {
  const linear = (inputs: number): Architecture => ({
    input: { shape: [inputs] },
    layers: [{ dense: UNITS }],
  });
  return {
    helpers: (student) => ({
      student: linear(unitsAt(student, layer, 'the student')),
      teacher: linear(units ?? unitsAt(teacher!.architecture, teacherLayer, 'the teacher')),
    }),
    loss: (step) => {
      const [s, t] = of(step);
      const through = (name: string, x: Tensor) => step.helpers[name]!.forward(x, 'train').logits;
      return neighborLoss(through('student', s), through('teacher', t));
    },
  };
}
