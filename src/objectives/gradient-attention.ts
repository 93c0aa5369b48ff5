import { checkBoolean, checkNames, checkWord } from '../checks.js';
import { demand } from '../errors.js';
import { sameShape } from '../graph/shape.js';
import type { Tensor } from '../graph/tensor.js';
import type { TrainedModel } from '../nn/model-file.js';
import { multiply, square, subtract } from '../ops/binary.js';
import { sum } from '../ops/reduce.js';
import { scale } from '../ops/unary.js';
import { unitRows } from '../ops/unit-rows.js';
import { checkSomeLabeled, gradientMap, isLabeled, refuseMixed } from './gradient-map.js';
import { checkMatrices, rootOf } from './matrices.js';
import type { Objective } from './objective.js';
import { checkedTeachers, checkTeaches } from './teachers.js';

/** How gradient maps are compared. */
export interface GradientMaps {
  /**
   * 'paper' (default): ½‖·‖₂ of a sample's difference, as equation 4 has it. 'squared': ½‖·‖₂², whose derivative is
   * equation 5.
   */
  form?: 'paper' | 'squared' | undefined;
  /** Whether maps are divided by their length first, so that only directions count (default false). */
  normalize?: boolean | undefined;
}

export interface GradientAttentionOptions extends GradientMaps {
  teacher: TrainedModel;
}

export const GRADIENT_MAPS = ['form', 'normalize'] as const;

/**
 * Gradient-based attention transfer by sample (Zagoruyko & Komodakis, Paying More Attention to Attention, ICLR 2017,
 * equations 3 to 5), of gradient maps [batch, numbers]: ½‖J_s − J_t‖₂.
 */
export function gradientAttentionLoss(student: Tensor, teacher: Tensor, options: GradientMaps = {}): Tensor {
  checkNames(options, 'gradientAttentionLoss', GRADIENT_MAPS);
  const { form, normalize } = checkedMaps(options);
  checkMatrices('gradientAttentionLoss', student, teacher);
  demand(
    sameShape(student.shape, teacher.shape),
    () =>
      `gradientAttentionLoss: maps of [${student.shape}] and [${teacher.shape}] aren't of the same inputs`,
  );
  const [s, t] = normalize ? [unitRows(student), unitRows(teacher)] : [student, teacher];
  const squares = sum(square(subtract(s, t)), 1);
  return scale(form === 'squared' ? squares : rootOf(squares), 0.5);
}

export function checkedMaps({ form = 'paper', normalize = false }: GradientMaps): Required<GradientMaps> {
  checkWord(form, 'form', ['paper', 'squared']);
  checkBoolean(normalize, 'normalize');
  return { form, normalize } as Required<GradientMaps>;
}

/**
 * The student's loss learns to depend on each pixel as its teacher's does (docs/objectives.md): add labels() to it by
 * weightedSum(). Unlabeled samples contribute nothing. A student with batch norm is refused.
 * @throws DistillError 'bad-argument', 'mismatch'
 */
export function gradientAttention(options: GradientAttentionOptions): Objective {
  checkNames(options, 'gradientAttention', [...GRADIENT_MAPS, 'teacher']);
  const { teacher, ...given } = options;
  const maps = checkedMaps(given);
  const teachers = checkedTeachers([teacher]);
  return {
    spec: { kind: 'gradient attention', ...maps },
    teachers,
    check: (data) => {
      checkTeaches(teachers, data);
      checkSomeLabeled(data, 'gradient attention');
    },
    loss: ({ student, teachers: [own], inputs, labels }) => {
      refuseMixed(student.logits, 'gradient attention');
      const of = ({ logits }: { logits: Tensor }) => gradientMap({ logits, labels, inputs });
      const loss = gradientAttentionLoss(of(student), of(own!), maps);
      return multiply(loss, isLabeled({ labels, logits: student.logits }));
    },
  };
}
