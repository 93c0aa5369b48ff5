import { checkList, checkNames, checkWord, shown } from '../checks.js';
import { demand } from '../errors.js';
import { sameShape } from '../graph/shape.js';
import { checkTensor, type Tensor } from '../graph/tensor.js';
import type { TrainedModel } from '../nn/model-file.js';
import { adaptiveAveragePool } from '../ops/average-pool.js';
import { add, multiply, square, subtract } from '../ops/binary.js';
import { max, mean, sum } from '../ops/reduce.js';
import { reshape } from '../ops/reshape.js';
import { abs, scale } from '../ops/unary.js';
import { layerAt } from './layer-at.js';
import { rootOf, unitRows } from './matrices.js';
import type { Objective } from './objective.js';
import { checkedTeachers } from './teachers.js';

/** How a map of channels becomes one of attention. */
export interface AttentionMaps {
  /** p of |a|^p (default 2). */
  power?: 1 | 2 | 3 | 4 | undefined;
  /** Over the channels; after normalization sum and mean are the same (default 'sum'). */
  over?: 'sum' | 'mean' | 'max' | undefined;
  /**
   * 'paper' (default): ½‖·‖₂ of a sample's difference. 'common', as the authors' code and most others have it: the mean of
   * its squares, whose usual weight is 1000.
   */
  form?: 'paper' | 'common' | undefined;
}

/** Layers of images, by their names, whose maps are compared. */
export interface LayerPair {
  student: string;
  teacher: string;
}

export interface AttentionOptions extends AttentionMaps {
  teacher: TrainedModel;
  layers: readonly LayerPair[];
}

const MAPS = ['power', 'over', 'form'] as const;

/**
 * Activation-based attention transfer by sample (Zagoruyko & Komodakis, Paying More Attention to Attention, ICLR 2017,
 * equations 1 and 2), of maps [batch, height, width, channels]: ½‖Q_s/‖Q_s‖ − Q_t/‖Q_t‖‖₂ with Q = Σ_c |a_c|^p. Numbers of
 * channels may differ; the larger map is averaged down to the smaller one's size.
 */
export function attentionLoss(student: Tensor, teacher: Tensor, options: AttentionMaps = {}): Tensor {
  checkNames(options, 'attentionLoss', MAPS);
  const { form = 'paper' } = checked(options);
  const [s, t] = sameSize(student, teacher).map((x) => unitRows(attentionMap(x, options))) as [
    Tensor,
    Tensor,
  ];
  const squares = square(subtract(s, t));
  if (form === 'common') return mean(squares, 1);
  return scale(rootOf(sum(squares, 1)), 0.5);
}

/** Where a map's activations are large, [batch, height·width]: what the report draws, too. */
export function attentionMap(x: Tensor, options: AttentionMaps = {}): Tensor {
  checkNames(options, 'attentionMap', MAPS);
  checkMap(x, 'attentionMap');
  const { power = 2, over = 'sum' } = checked(options);
  const [batch, height, width] = x.shape as [number, number, number];
  const size = abs(x);
  let raised = size;
  for (let p = 1; p < power; p++) raised = multiply(raised, size);
  return reshape({ sum, mean, max }[over](raised, 3), [batch, height * width]);
}

function checked(options: AttentionMaps): AttentionMaps {
  const { power = 2, over = 'sum', form = 'paper' } = options;
  demand([1, 2, 3, 4].includes(power), () => `power must be 1, 2, 3 or 4, not ${shown(power)}`);
  checkWord(over, 'over', ['sum', 'mean', 'max']);
  checkWord(form, 'form', ['paper', 'common']);
  return options;
}

function checkMap(x: Tensor, of: string): void {
  checkTensor(x, of);
  demand(
    x.shape.length === 4 && x.dtype === 'f32',
    () =>
      `${of} takes maps of images [batch, height, width, channels], not ${x.dtype} [${x.shape}]: name a layer before flatten or gap`,
  );
}

/** The larger map averaged down. */
function sameSize(student: Tensor, teacher: Tensor): Tensor[] {
  for (const x of [student, teacher]) checkMap(x, 'attention transfer');
  const [a, b] = [student, teacher].map(({ shape }) => [shape[1]!, shape[2]!] as const) as [Pair, Pair];
  if (sameShape(a, b)) return [student, teacher];
  const small = [Math.min(a[0], b[0]), Math.min(a[1], b[1])] as const;
  demand(
    [a, b].every((one) => one.every((side, i) => side % small[i]! === 0)),
    () =>
      `maps of ${a.join(' × ')} of the student and ${b.join(' × ')} of the teacher: one must be as large as the other, or a whole number of times`,
    'mismatch',
  );
  return [student, teacher].map((x) => adaptiveAveragePool(x, small));
}

type Pair = readonly [number, number];

/**
 * The student attends to where its teacher does, at each pair of layers (docs/objectives.md): add labels() to it by
 * weightedSum(). @throws DistillError 'bad-argument', 'mismatch'
 */
export function attention(options: AttentionOptions): Objective {
  checkNames(options, 'attention', [...MAPS, 'teacher', 'layers']);
  const { teacher, layers, ...maps } = options;
  const { power = 2, over = 'sum', form = 'paper' } = checked(maps);
  const isPair = (pair: unknown) =>
    typeof Object(pair).student === 'string' && typeof Object(pair).teacher === 'string';
  checkList(layers, 'layers', 'pairs of names, { student, teacher }', isPair);
  demand(layers.length > 0, 'attention needs at least one pair of layers, { student, teacher }');
  const pairs = layers.map((pair) => ({ student: pair.student, teacher: pair.teacher }));
  return {
    spec: { kind: 'attention', power, over, form, layers: pairs },
    teachers: checkedTeachers([teacher]),
    loss: (step) =>
      pairs
        .map((pair) =>
          attentionLoss(
            layerAt(step.student, pair.student, 'the student'),
            layerAt(step.teachers[0]!, pair.teacher, 'the teacher'),
            { power, over, form },
          ),
        )
        .reduce(add),
  };
}
