import { checkBoolean, checkNames, checkNumber, checkWhole, checkWord } from '../checks.js';
import { demand } from '../errors.js';
import { constant, type Tensor } from '../graph/tensor.js';
import { multiply } from '../ops/binary.js';
import { sum } from '../ops/reduce.js';
import { exp, scale } from '../ops/unary.js';
import { unitRows } from '../ops/unit-rows.js';
import { EMBEDDING_SOURCE, type EmbeddingSource, embeddings } from './embeddings.js';
import { checkMatrices, rootOf } from './matrices.js';
import type { Objective } from './objective.js';
import { squaredDistances } from './pairs.js';
import { chosen, nearest, orderLogs, orderLoss, wholeOrderLoss } from './ranks.js';

/** How similarities are ranked, and rankings compared. */
export interface RankingOptions {
  /** 'hard' (default): the probability of the teacher's order; 'soft': those of all orders of the same samples. */
  ranking?: 'hard' | 'soft' | undefined;
  /** How many of the teacher's nearest samples are ranked, 2 to 6 (default 4). */
  length?: number | undefined;
  /** α of the score −α·d^β (default 3; 'common': 12.25). */
  alpha?: number | undefined;
  /** β, 1 to 8 (default 3; 'common': 4). */
  beta?: number | undefined;
  /**
   * 'paper' (default): every sample is a query, and moves as the samples in its list do. 'common', as the authors' code
   * has it: the first half of the batch are queries, which don't move, and a hard ranking is of the whole batch.
   */
  form?: 'paper' | 'common' | undefined;
  /** Embeddings of length 1 (default: in 'common' only). */
  normalize?: boolean | undefined;
}

export type DarkRankOptions = RankingOptions & EmbeddingSource;

const RANKING = ['ranking', 'length', 'alpha', 'beta', 'form', 'normalize'] as const;

interface Ranking {
  ranking: 'hard' | 'soft';
  /** undefined: the whole batch. */
  length: number | undefined;
  alpha: number;
  beta: number;
  form: 'paper' | 'common';
  normalize: boolean;
}

/**
 * DarkRank by sample (Chen, Wang & Zhang, AAAI 2018): the other samples, ranked by their distance to this
 * one, have an order whose probability is Π_i exp(s_i)/Σ_{k ≥ i} exp(s_k) with s = −α·d^β. Hard: −log of the teacher's order
 * by the student's scores. Soft: the cross-entropy of the student's probabilities with the teacher's, over all orders of
 * the samples that are nearest for the teacher. Embeddings are [n, units]; in the form 'common' the second half of the
 * losses are 0 and the first is scaled, so that the mean is over queries.
 */
export function darkRankLoss(student: Tensor, teacher: Tensor, options: RankingOptions = {}): Tensor {
  checkNames(options, 'darkRankLoss', RANKING);
  checkMatrices('darkRankLoss', student, teacher);
  const ranking = checked(options);
  const n = student.shape[0]!;
  const listed = ranking.length ?? 2;
  demand(
    n > listed,
    () =>
      `DarkRank ranks ${listed} samples by their distance to another, which takes batches of at least ${listed + 1}, not ${n}: give a larger batch or more samples${listed > 2 ? ', or a shorter list' : ''}`,
  );
  const [s, t] = ranking.normalize ? [unitRows(student), unitRows(teacher)] : [student, teacher];
  const losses = byQuery(s, t, ranking);
  return ranking.form === 'paper' ? losses : ofFirstHalf(losses);
}

function byQuery(s: Tensor, t: Tensor, { ranking, length, alpha, beta, form }: Ranking): Tensor {
  const own = scores(squaredDistances(s, { fixed: form === 'common' }), alpha, beta);
  const distances = squaredDistances(t);
  if (length === undefined) return wholeOrderLoss(own, distances);
  const list = nearest(distances, length);
  if (ranking === 'hard') return orderLoss(chosen(own, list));
  const theirs = exp(orderLogs(chosen(scores(distances, alpha, beta), list)));
  return scale(sum(multiply(theirs, orderLogs(chosen(own, list))), 1), -1);
}

/** −α·d^β of squared distances. */
function scores(squared: Tensor, alpha: number, beta: number): Tensor {
  const factors = Array.from({ length: beta >> 1 }, () => squared);
  if (beta % 2 === 1) factors.push(rootOf(squared));
  return scale(factors.reduce(multiply), -alpha);
}

/** Of the first half, with the mean that these have among themselves. */
function ofFirstHalf(losses: Tensor): Tensor {
  const n = losses.shape[0]!;
  const queries = n >> 1;
  const share = Array.from({ length: n }, (_, i) => (i < queries ? n / queries : 0));
  return multiply(losses, constant(share, [n]));
}

function checked(options: RankingOptions): Ranking {
  const { ranking = 'hard', form = 'paper' } = options;
  checkWord(ranking, 'ranking', ['hard', 'soft']);
  checkWord(form, 'form', ['paper', 'common']);
  const common = form === 'common';
  const whole = common && ranking === 'hard';
  demand(
    !whole || options.length === undefined,
    "DarkRank's hard ranking is of the whole batch in the form 'common': leave out length, or take the form 'paper'",
  );
  const { length = 4, alpha = common ? 12.25 : 3, beta = common ? 4 : 3, normalize = common } = options;
  checkWhole(length, "the length of DarkRank's lists", 2, 6);
  checkNumber(alpha, 'alpha of DarkRank', 'a number above 0', (a) => a > 0 && a < Infinity);
  checkWhole(beta, 'beta of DarkRank', 1, 8);
  checkBoolean(normalize, 'normalize');
  return { ranking, length: whole ? undefined : length, alpha, beta, form, normalize };
}

/** Whom a sample is most like, in order (docs/objectives.md), beside labels(). @throws DistillError 'bad-argument' */
export function darkRank(options: DarkRankOptions): Objective {
  checkNames(options, 'darkRank', [...EMBEDDING_SOURCE, ...RANKING]);
  const { ranking, length, alpha, beta, form, normalize, ...source } = options;
  const given = { ranking, length, alpha, beta, form, normalize };
  const { spec, needs, of } = embeddings(source);
  return {
    spec: { kind: 'darkrank', ...defined(checked(given)), ...spec },
    ...needs,
    loss: (step) => darkRankLoss(...of(step), given),
  };
}

/** Without what is undefined, which JSON doesn't have. */
function defined({ length, ...rest }: Ranking): Partial<Ranking> {
  return { ...rest, ...(length !== undefined && { length }) };
}
