import { checkNames, checkWord } from '../checks.js';
import { demand } from '../errors.js';
import type { Tensor } from '../graph/tensor.js';
import { divide, multiply, square, subtract } from '../ops/binary.js';
import { sum } from '../ops/reduce.js';
import { column } from '../ops/reshape.js';
import { log, scale, shift } from '../ops/unary.js';
import { EMBEDDING_SOURCE, type EmbeddingSource, embeddings, gram } from './embeddings.js';
import { checkMatrices, rootOf } from './matrices.js';
import type { Objective } from './objective.js';
import { identical } from './pairs.js';

/** What the authors' code adds to lengths and to what it takes the logarithm of; the paper doesn't say. */
const EPSILON = 1e-7;

export interface NeighborForm {
  /** 'paper' (default), or 'common': a sample is its own neighbor, too, and the sum is divided by n. */
  form?: 'paper' | 'common' | undefined;
}

export type ProbabilisticOptions = NeighborForm & EmbeddingSource;

/**
 * Probabilistic knowledge transfer by sample (Passalis & Tefas, ECCV 2018, equations 4 to 7): the divergence of each
 * sample's probabilities of having the others as neighbors, made of cosines (1 + cos)/2 of all pairs in the batch. Form
 * 'common' is the authors' code's: their mean over n² is this one's over the samples. Embeddings are [n, units].
 */
export function probabilisticLoss(student: Tensor, teacher: Tensor, options: NeighborForm = {}): Tensor {
  checkNames(options, 'probabilisticLoss', ['form']);
  checkMatrices('probabilisticLoss', student, teacher);
  const form = checked(options);
  const n = student.shape[0]!;
  demand(
    form === 'common' || n > 2,
    () => `neighbors are compared in batches of at least 3, not ${n}: give a larger batch or more samples`,
  );
  const [s, t] = [student, teacher].map((x) => neighbors(x, form)) as [Tensor, Tensor];
  const divergence = sum(multiply(t, subtract(log(shift(t, EPSILON)), log(shift(s, EPSILON)))), 1);
  return form === 'common' ? scale(divergence, 1 / n) : divergence;
}

function checked({ form = 'paper' }: NeighborForm): 'paper' | 'common' {
  checkWord(form, 'form', ['paper', 'common']);
  return form;
}

function neighbors(x: Tensor, form: 'paper' | 'common'): Tensor {
  const rows = divide(x, column(shift(rootOf(sum(square(x), 1)), EPSILON)));
  const all = scale(shift(gram(rows), 1), 0.5);
  if (form === 'common') return divide(all, column(sum(all, 1)));
  const others = multiply(all, shift(scale(identical(x.shape[0]!), -1), 1));
  // Where all others point the other way, there are none.
  return divide(others, column(shift(sum(others, 1), EPSILON)));
}

/** Who is whose neighbor (docs/objectives.md); the authors' weight, of form 'common', is 30000, beside labels(). @throws DistillError */
export function probabilistic(options: ProbabilisticOptions): Objective {
  checkNames(options, 'probabilistic', [...EMBEDDING_SOURCE, 'form']);
  const { form: _, ...source } = options;
  const form = checked(options);
  const { spec, needs, of } = embeddings(source as EmbeddingSource);
  return {
    spec: { kind: 'probabilistic', form, ...spec },
    ...needs,
    loss: (step) => probabilisticLoss(...of(step), { form }),
  };
}
