import { checkNames, checkWord, shown } from '../checks.js';
import { demand } from '../errors.js';
import type { Tensor } from '../graph/tensor.js';
import type { TrainedModel } from '../nn/model-file.js';
import { add, multiply, square, subtract } from '../ops/binary.js';
import { max, mean, sum } from '../ops/reduce.js';
import { reshape } from '../ops/reshape.js';
import { abs, scale } from '../ops/unary.js';
import { layerAt } from './layer-at.js';
import { checkedPairs, checkMap, type LayerPair, sameSize } from './maps.js';
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

export type { LayerPair } from './maps.js';

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
  const sized = sameSize(student, teacher, {
    of: 'attention transfer',
    names: ['the student', 'the teacher'],
    pool: 'mean',
  });
  const [s, t] = sized.map((x) => unitRows(attentionMap(x, options))) as [Tensor, Tensor];
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

/**
 * The student attends to where its teacher does, at each pair of layers (docs/objectives.md): add labels() to it by
 * weightedSum(). @throws DistillError 'bad-argument', 'mismatch'
 */
export function attention(options: AttentionOptions): Objective {
  checkNames(options, 'attention', [...MAPS, 'teacher', 'layers']);
  const { teacher, layers, ...maps } = options;
  const { power = 2, over = 'sum', form = 'paper' } = checked(maps);
  const pairs = checkedPairs(layers, 'attention', 1);
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
