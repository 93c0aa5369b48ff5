import { checkNames } from '../checks.js';
import type { Tensor } from '../graph/tensor.js';
import { square, subtract } from '../ops/binary.js';
import { sum } from '../ops/reduce.js';
import { scale } from '../ops/unary.js';
import { unitRows } from '../ops/unit-rows.js';
import { EMBEDDING_SOURCE, type EmbeddingSource, embeddings, gram } from './embeddings.js';
import { checkMatrices } from './matrices.js';
import type { Objective } from './objective.js';

/**
 * Similarity preservation by sample: ‖G_s − G_t‖² of a row over n, G being the inner products of all pairs in the batch
 * with rows of length 1 (Tung & Mori, ICCV 2019, equations 1 to 4: their mean over n² is this one's over the samples).
 * Embeddings are [n, units].
 */
export function similarityLoss(student: Tensor, teacher: Tensor): Tensor {
  checkMatrices('similarityLoss', student, teacher);
  const apart = subtract(unitRows(gram(student)), unitRows(gram(teacher)));
  return scale(sum(square(apart), 1), 1 / student.shape[0]!);
}

/** Which samples are alike (docs/objectives.md); the paper's weight is 3000, beside labels(). @throws DistillError */
export function similarity(source: EmbeddingSource): Objective {
  checkNames(source, 'similarity', EMBEDDING_SOURCE);
  const { spec, needs, of } = embeddings(source);
  return {
    spec: { kind: 'similarity', ...spec },
    ...needs,
    loss: (step) => similarityLoss(...of(step)),
  };
}
