import { checkList } from '../checks.js';
import { demand } from '../errors.js';
import { sameShape } from '../graph/shape.js';
import { checkTensor, type Tensor } from '../graph/tensor.js';
import { adaptiveAveragePool } from '../ops/average-pool.js';
import { maxPool } from '../ops/max-pool.js';

/** Layers of images, by their names, whose maps are compared. */
export interface LayerPair {
  student: string;
  teacher: string;
}

/** The pairs, copied. @throws DistillError 'bad-argument' for what are none, one twice, and fewer than `least`. */
export function checkedPairs(layers: readonly LayerPair[], of: string, least: 1 | 2): LayerPair[] {
  const isPair = (pair: unknown) =>
    typeof Object(pair).student === 'string' && typeof Object(pair).teacher === 'string';
  checkList(layers, 'layers', 'pairs of names, { student, teacher }', isPair);
  demand(
    layers.length >= least,
    () =>
      `${of} needs at least ${least === 1 ? 'one pair of layers' : 'two pairs of layers'}, { student, teacher }`,
  );
  const pairs = layers.map(({ student, teacher }): LayerPair => ({ student, teacher }));
  const twice = pairs.find((pair, i) => pairs.slice(0, i).some((before) => isSame(pair, before)));
  demand(
    twice === undefined,
    () =>
      `${of} has the student's layer ${twice!.student} beside the teacher's ${twice!.teacher} twice: name each pair once`,
  );
  return pairs;
}

function isSame(one: LayerPair, other: LayerPair): boolean {
  return one.student === other.student && one.teacher === other.teacher;
}

/** Refuses what are no maps, [batch, height, width, channels]. */
export function checkMap(x: Tensor, of: string): void {
  checkTensor(x, of);
  demand(
    x.shape.length === 4 && x.dtype === 'f32',
    () =>
      `${of} takes maps of images [batch, height, width, channels], not ${x.dtype} [${x.shape}]: name a layer before flatten or gap`,
  );
}

export interface SizeOptions {
  /** What needs maps of one size. */
  of: string;
  /** What errors call the two maps. */
  names: readonly [string, string];
  /** The mean of what becomes one pixel, or its maximum. */
  pool: 'mean' | 'max';
}

/** Two maps of one height and width: the larger one is pooled down. @throws DistillError 'bad-argument', 'mismatch' */
export function sameSize(a: Tensor, b: Tensor, { of, names, pool }: SizeOptions): [Tensor, Tensor] {
  for (const x of [a, b]) checkMap(x, of);
  const [sizeA, sizeB] = [sizeOf(a), sizeOf(b)];
  if (sameShape(sizeA, sizeB)) return [a, b];
  const small = [Math.min(sizeA[0], sizeB[0]), Math.min(sizeA[1], sizeB[1])] as const;
  demand(
    [sizeA, sizeB].every((one) => one.every((side, i) => side % small[i]! === 0)),
    () =>
      `maps of ${sizeA.join(' × ')} of ${names[0]} and ${sizeB.join(' × ')} of ${names[1]}: one must be as large as the other, or a whole number of times`,
    'mismatch',
  );
  const pooled = (x: Tensor) => {
    const [height, width] = sizeOf(x);
    if (pool === 'mean') return adaptiveAveragePool(x, small);
    return sameShape([height, width], small) ? x : maxPool(x, [height / small[0], width / small[1]]);
  };
  return [pooled(a), pooled(b)];
}

function sizeOf({ shape }: Tensor): readonly [number, number] {
  return [shape[1]!, shape[2]!];
}
