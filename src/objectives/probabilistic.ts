import { checkNames } from '../checks.js';
import type { Tensor } from '../graph/tensor.js';
import { divide, multiply, square, subtract } from '../ops/binary.js';
import { mean, sum } from '../ops/reduce.js';
import { column } from '../ops/reshape.js';
import { log, scale, shift } from '../ops/unary.js';
import { EMBEDDING_SOURCE, type EmbeddingSource, embeddings, gram } from './embeddings.js';
import { checkMatrices, rootOf } from './matrices.js';
import type { Objective } from './objective.js';

/** What the authors' code adds to lengths and to what it takes the logarithm of. */
const EPSILON = 1e-7;

/**
 * Probabilistic knowledge transfer by sample (Passalis & Tefas, ECCV 2018, equations 4 to 7): the divergence of each
 * sample's probabilities of having the others as neighbors, made of cosines (1 + cos)/2 of all pairs in the batch. As in
 * the authors' code the sample itself counts, and the sum is divided by n (their mean over n² is this one's over the
 * samples). Embeddings are [n, units].
 */
export function probabilisticLoss(student: Tensor, teacher: Tensor): Tensor {
  checkMatrices('probabilisticLoss', student, teacher);
  const [s, t] = [student, teacher].map(neighbors) as [Tensor, Tensor];
  return mean(multiply(t, subtract(log(shift(t, EPSILON)), log(shift(s, EPSILON)))), 1);
}

function neighbors(x: Tensor): Tensor {
  const rows = divide(x, column(shift(rootOf(sum(square(x), 1)), EPSILON)));
  const near = scale(shift(gram(rows), 1), 0.5);
  return divide(near, column(sum(near, 1)));
}

/** Who is whose neighbor (docs/objectives.md); the authors' weight is 30000, beside labels(). @throws DistillError */
export function probabilistic(source: EmbeddingSource): Objective {
  checkNames(source, 'probabilistic', EMBEDDING_SOURCE);
  const { spec, needs, of } = embeddings(source);
  return {
    spec: { kind: 'probabilistic', ...spec },
    ...needs,
    loss: (step) => probabilisticLoss(...of(step)),
  };
}
