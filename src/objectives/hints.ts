import { checkNames, checkWhole, checkWord, shown } from '../checks.js';
import { demand } from '../errors.js';
import { sameShape, size } from '../graph/shape.js';
import { checkTensor, type Tensor } from '../graph/tensor.js';
import type { TrainedModel } from '../nn/model-file.js';
import { type Tap, tapOf } from '../nn/tap-shape.js';
import { square, subtract } from '../ops/binary.js';
import { mean, sum } from '../ops/reduce.js';
import { reshape } from '../ops/reshape.js';
import { scale } from '../ops/unary.js';
import { keptNumbers } from './kept.js';
import { layerAt } from './layer-at.js';
import type { Objective, Step } from './objective.js';
import { regressor } from './regressor.js';
import { checkedTeachers } from './teachers.js';

/** Whose layer is the hint: a teacher's in the step, or kept numbers, such as hiddenOf() answers of an ONNX model. */
export type HintSource =
  | { teacher: TrainedModel; hint: string; features?: undefined; shape?: undefined }
  | {
      teacher?: undefined;
      hint?: undefined;
      /** [size, …shape] */
      features: Float32Array;
      /** Of one sample's hint: [units], or [height, width, channels]. */
      shape: readonly number[];
    };

export type HintsOptions = HintSource & {
  /** The student's layer that is guided, by its name or place. */
  guided: string;
  /**
   * 'paper' (default): ½ the sum of squares, and a regressor without padding. 'common': their mean, and a regressor with
   * batch norm and ReLU, whose usual weight is 100.
   */
  form?: 'paper' | 'common' | undefined;
};

/**
 * ½‖hint − regressed‖² by sample, or the mean of its squares, of tensors [batch, …] with as many numbers (Romero et al.,
 * FitNets: Hints for Thin Deep Nets, ICLR 2015, equation 3).
 */
export function hintLoss(
  regressed: Tensor,
  hint: Tensor,
  options: { form?: 'paper' | 'common' } = {},
): Tensor {
  checkNames(options, 'hintLoss', ['form']);
  const { form = 'paper' } = options;
  checkWord(form, 'form', ['paper', 'common']);
  const [own, theirs] = [regressed, hint].map(rows) as [Tensor, Tensor];
  demand(
    sameShape(own.shape, theirs.shape),
    () => `hintLoss: [${regressed.shape}] and [${hint.shape}] have another number of numbers`,
    'mismatch',
  );
  const squares = square(subtract(own, theirs));
  return form === 'paper' ? scale(sum(squares, 1), 0.5) : mean(squares, 1);
}

function rows(x: Tensor): Tensor {
  checkTensor(x, 'hintLoss');
  demand(x.shape.length > 1, () => `hintLoss takes a row or map for each sample, not [${x.shape}]`);
  return reshape(x, [x.shape[0]!, size(x.shape.slice(1))]);
}

/**
 * The student's guided layer learns to predict the teacher's hint layer, through a regressor that learns beside it and is
 * thrown away (docs/objectives.md). FitNets trains in two stages: trainStages() with this and upTo the guided layer, then
 * with labels and soft targets. @throws DistillError 'bad-argument', 'mismatch'
 */
export function hints(options: HintsOptions): Objective {
  checkNames(options, 'hints', ['guided', 'form', 'teacher', 'hint', 'features', 'shape']);
  const { guided, form = 'paper' } = options;
  demand(typeof guided === 'string', () => `guided must be a layer's name, not ${shown(guided)}`);
  checkWord(form, 'form', ['paper', 'common']);
  const { tap, needs, of, layer } = hintOf(options);
  return {
    spec: { kind: 'hints', guided, form, ...layer },
    ...needs,
    helpers: (student) => ({ regressor: regressor(tapOf(student, guided, 'the student').shape, tap, form) }),
    loss: (step) => {
      const own = layerAt(step.student, guided, 'the student');
      return hintLoss(step.helpers.regressor!.forward(own, 'train').logits, of(step), { form });
    },
  };
}

interface Hint {
  tap: Tap;
  needs: Partial<Objective>;
  layer: { hint?: string };
  of(step: Step): Tensor;
}

function hintOf({ teacher, hint, features, shape }: HintSource): Hint {
  demand(
    (teacher === undefined) !== (features === undefined),
    'hints are of a teacher or kept features: give one of the two',
  );
  if (teacher) {
    const teachers = checkedTeachers([teacher]);
    demand(typeof hint === 'string', () => `hint must be a layer of the teacher, not ${shown(hint)}`);
    return {
      tap: tapOf(teacher.architecture, hint, 'the teacher'),
      needs: { teachers },
      layer: { hint },
      of: (step) => layerAt(step.teachers[0]!, hint, 'the teacher'),
    };
  }
  demand(
    Array.isArray(shape) && (shape.length === 1 || shape.length === 3),
    () => `the shape of kept hints must be [units] or [height, width, channels], not ${shown(shape)}`,
  );
  for (const side of shape) checkWhole(side, 'each size of kept hints', 1, Infinity);
  return {
    tap: { shape, rectified: false },
    needs: keptNumbers(
      { hints: { values: features!, shape } },
      { kept: 'kept hints', whose: "the teacher's features", otherwise: 'a teacher, which runs' },
    ),
    layer: {},
    of: (step) => step.columns.hints!,
  };
}
