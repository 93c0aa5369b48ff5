import { checkList, checkNames, checkWord, shown } from '../checks.js';
import { demand } from '../errors.js';
import type { Tensor } from '../graph/tensor.js';
import type { TrainedModel } from '../nn/model-file.js';
import { add, multiply, square, subtract } from '../ops/binary.js';
import { max, mean, sum } from '../ops/reduce.js';
import { reshape } from '../ops/reshape.js';
import { abs, scale } from '../ops/unary.js';
import { unitRows } from '../ops/unit-rows.js';
import { keptNumbers } from './kept.js';
import { layerAt } from './layer-at.js';
import { checkedPairs, checkMap, type LayerPair, sameSize } from './maps.js';
import { rootOf } from './matrices.js';
import type { Objective, Step } from './objective.js';
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

/** A teacher's maps that are kept, such as hiddenOf() answers of an ONNX model, and the student's layer beside them. */
export interface KeptMaps {
  student: string;
  /** [size, height, width, channels] */
  features: Float32Array;
  shape: readonly [height: number, width: number, channels: number];
}

export type AttentionOptions = AttentionMaps &
  (
    | { teacher: TrainedModel; layers: readonly LayerPair[]; kept?: undefined }
    | { teacher?: undefined; layers?: undefined; kept: readonly KeptMaps[] }
  );

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
  checkNames(options, 'attention', [...MAPS, 'teacher', 'layers', 'kept']);
  const { teacher, layers, kept, ...maps } = options;
  const { power = 2, over = 'sum', form = 'paper' } = checked(maps);
  demand(
    (teacher === undefined) !== (kept === undefined),
    'attention is that of a teacher or of kept maps: give one of the two',
  );
  const { needs, pairs, of } = teacher ? inStep(teacher, layers) : fromKept(kept!);
  return {
    spec: { kind: 'attention', power, over, form, layers: pairs },
    ...needs,
    loss: (step) =>
      pairs
        .map((pair, i) =>
          attentionLoss(layerAt(step.student, pair.student, 'the student'), of(step, i), {
            power,
            over,
            form,
          }),
        )
        .reduce(add),
  };
}

/** The pairs of layers, what they need, and a pair's map of the teacher. */
interface Attended {
  pairs: readonly { student: string; teacher?: string }[];
  needs: Partial<Objective>;
  of(step: Step, pair: number): Tensor;
}

function inStep(teacher: TrainedModel, layers: readonly LayerPair[]): Attended {
  const pairs = checkedPairs(layers, 'attention', 1);
  return {
    pairs,
    needs: { teachers: checkedTeachers([teacher]) },
    of: (step, i) => layerAt(step.teachers[0]!, pairs[i]!.teacher, 'the teacher'),
  };
}

function fromKept(kept: readonly KeptMaps[]): Attended {
  const isKept = (one: unknown) => {
    const { student, shape } = Object(one) as Partial<KeptMaps>;
    return typeof student === 'string' && Array.isArray(shape) && shape.length === 3;
  };
  checkList(kept, 'kept', 'maps, { student, features, shape: [height, width, channels] }', isKept);
  demand(kept.length > 0, 'attention needs at least one kept map, { student, features, shape }');
  const columns = kept.map(
    ({ features, shape }, i) => [`map${i + 1}`, { values: features, shape: [...shape] }] as const,
  );
  return {
    pairs: kept.map(({ student }) => ({ student })),
    needs: keptNumbers(Object.fromEntries(columns), {
      ...{ kept: 'kept maps', whose: "the teacher's features", otherwise: 'a teacher, which runs' },
    }),
    of: (step, i) => step.columns[`map${i + 1}`]!,
  };
}
