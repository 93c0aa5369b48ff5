import { checkNames } from '../checks.js';
import { fill, type Tensor } from '../graph/tensor.js';
import { type Angles, angleLoss as lossOfAngles } from '../ops/angle-loss.js';
import { add, divide, mask, subtract } from '../ops/binary.js';
import { huber } from '../ops/huber.js';
import { mean, sum } from '../ops/reduce.js';
import { column } from '../ops/reshape.js';
import { scale } from '../ops/unary.js';
import { EMBEDDING_SOURCE, type EmbeddingSource, embeddings } from './embeddings.js';
import { checkMatrices } from './matrices.js';
import type { Objective } from './objective.js';
import { type Distances, distancesOf } from './pairs.js';
import { checkWeights } from './weights.js';

export interface RelationalWeights {
  /** Of distances (default 25, as RepDistiller has it). */
  distance?: number | undefined;
  /** Of angles (default 50). */
  angle?: number | undefined;
}

export type RelationalOptions = RelationalWeights & EmbeddingSource;

/**
 * Distances of all pairs over their mean, Huber loss (δ = 1), by sample (Park et al., Relational Knowledge Distillation,
 * CVPR 2019, equations 7 to 9). Embeddings are [n, units]; means are over n², the zeros of the diagonal included.
 */
export function distanceLoss(student: Tensor, teacher: Tensor): Tensor {
  checkMatrices('distanceLoss', student, teacher);
  return ofDistances(distancesOf(student), distancesOf(teacher));
}

function ofDistances(student: Distances, teacher: Distances): Tensor {
  return mean(huber(subtract(relativeDistances(student), relativeDistances(teacher))), 1);
}

/** [n, n]; equal samples have 0, and don't count in the mean. */
function relativeDistances({ distances, differ }: Distances): Tensor {
  const total = sum(sum(distances, 1), 0);
  const count = sum(sum(differ, 1), 0);
  // Where all samples are equal it is 0/1, not 0/0.
  const none = subtract(fill(1, []), mask(fill(1, []), count));
  return divide(distances, divide(add(total, none), add(count, none)));
}

/**
 * Cosines of the angles at each sample between all pairs of others, Huber loss (δ = 1), by sample (Park et al., CVPR
 * 2019, equations 10 to 12): of n³ triples, from the Gram matrix, so that the length of embeddings counts n² times only.
 */
export function angleLoss(student: Tensor, teacher: Tensor): Tensor {
  checkMatrices('angleLoss', student, teacher);
  return lossOfAngles(anglesOf(distancesOf(student)), anglesOf(distancesOf(teacher)));
}

/** At sample i ⟨x_j − x_i, x_k − x_i⟩ over both lengths; 0 where one is 0. */
function anglesOf({ products, lengths, differ, safe }: Distances): Angles {
  return { products, offsets: subtract(column(scale(lengths, 0.5)), products), scales: divide(differ, safe) };
}

/** Distances and angles between samples (docs/objectives.md), beside labels(). @throws DistillError 'bad-argument' */
export function relational(options: RelationalOptions): Objective {
  checkNames(options, 'relational', [...EMBEDDING_SOURCE, 'distance', 'angle']);
  const { distance = 25, angle = 50, ...source } = options;
  checkWeights({ distance, angle }, 'relational');
  const { spec, needs, of } = embeddings(source);
  return {
    spec: { kind: 'relational', distance, angle, ...spec },
    ...needs,
    loss: (step) => {
      const [student, teacher] = of(step).map(distancesOf) as [Distances, Distances];
      const terms = [
        ...(distance > 0 ? [scale(ofDistances(student, teacher), distance)] : []),
        ...(angle > 0 ? [scale(lossOfAngles(anglesOf(student), anglesOf(teacher)), angle)] : []),
      ];
      return terms.reduce(add);
    },
  };
}
