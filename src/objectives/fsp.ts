import { checkList, checkNames, checkWord } from '../checks.js';
import { demand } from '../errors.js';
import { sameShape } from '../graph/shape.js';
import { isTensor, type Tensor } from '../graph/tensor.js';
import { topological } from '../graph/topology.js';
import type { TrainedModel } from '../nn/model-file.js';
import type { Activations } from '../nn/network.js';
import { add, square, subtract } from '../ops/binary.js';
import { matmul } from '../ops/matmul.js';
import { mean, sum } from '../ops/reduce.js';
import { reshape } from '../ops/reshape.js';
import { scale } from '../ops/unary.js';
import { layerAt } from './layer-at.js';
import { checkedPairs, type LayerPair, sameSize } from './maps.js';
import type { Objective } from './objective.js';
import { checkedTeachers } from './teachers.js';

/** How two matrices are compared. */
export interface FspForm {
  /**
   * 'paper' (default): the sum of squared differences, of two maps the larger one pooled by its maxima. 'common', as
   * RepDistiller has it: their mean, and the larger map averaged.
   */
  form?: 'paper' | 'common' | undefined;
}

/** Where a network's section begins and where it ends: maps [batch, height, width, channels]. */
export type Section = readonly [first: Tensor, last: Tensor];

export interface FspOptions extends FspForm {
  teacher: TrainedModel;
  /** As many channels in the student's layer as in the teacher's. */
  layers: readonly LayerPair[];
  /**
   * Of which layers there are matrices: 'neighbors' (default) of each and the next; 'sections' of the first and the
   * second, the third and the fourth, and so on.
   */
  between?: 'neighbors' | 'sections' | undefined;
}

/**
 * The flow of a solution procedure by sample (Yim et al., A Gift from Knowledge Distillation, CVPR 2017, equations 1 and
 * 2): ‖G_s − G_t‖² with G_ij = Σ_hw F1_i·F2_j/(h·w), inner products of all pairs of a channel where a section begins and
 * one where it ends. Student and teacher need the same numbers of channels, not the same size of maps.
 */
export function fspLoss(student: Section, teacher: Section, options: FspForm = {}): Tensor {
  checkNames(options, 'fspLoss', ['form']);
  const form = checkedForm(options);
  checkSection(student, "the student's section");
  checkSection(teacher, "the teacher's section");
  const [s, t] = [student, teacher].map((section) => fspMatrix(section, form)) as [Tensor, Tensor];
  demand(
    sameShape(s.shape, t.shape),
    () =>
      `FSP needs layers with the same numbers of channels in both networks, but the student's have ${s.shape.slice(1).join(' and ')}, the teacher's ${t.shape.slice(1).join(' and ')}`,
    'mismatch',
  );
  const [batch, first, last] = s.shape as [number, number, number];
  const squares = reshape(square(subtract(s, t)), [batch, first * last]);
  return form === 'paper' ? sum(squares, 1) : mean(squares, 1);
}

function checkSection(section: Section, what: string): void {
  checkList(section, what, 'two maps, its first and its last', isTensor);
  demand(section.length === 2, () => `${what} must be two maps, but there are ${section.length}`);
}

/** [batch, channels, channels] */
function fspMatrix(section: Section, form: 'paper' | 'common'): Tensor {
  const maps = sameSize(...section, {
    of: 'FSP',
    names: ['the first layer', 'the last one'],
    pool: form === 'paper' ? 'max' : 'mean',
  });
  const [first, last] = maps.map((x) => {
    const [batch, height, width, channels] = x.shape as [number, number, number, number];
    return reshape(x, [batch, height * width, channels]);
  }) as [Tensor, Tensor];
  return scale(matmul(first, last, { transposeA: true }), 1 / first.shape[1]!);
}

function checkedForm({ form = 'paper' }: FspForm): 'paper' | 'common' {
  checkWord(form, 'form', ['paper', 'common']);
  return form;
}

/**
 * The student goes from layer to layer as its teacher does (docs/objectives.md). In the paper it is the first of two
 * stages, labels are the second. @throws DistillError 'bad-argument', 'mismatch'
 */
export function fsp(options: FspOptions): Objective {
  checkNames(options, 'fsp', ['teacher', 'layers', 'between', 'form']);
  const { teacher, layers, between = 'neighbors' } = options;
  const form = checkedForm(options);
  checkWord(between, 'between', ['neighbors', 'sections']);
  const pairs = checkedPairs(layers, 'FSP', 2);
  demand(
    between === 'neighbors' || pairs.length % 2 === 0,
    () => `a section of FSP is two pairs of layers, its first and its last, but there are ${pairs.length}`,
  );
  const firsts = pairs.slice(0, -1).filter((_, i) => between === 'neighbors' || i % 2 === 0);
  return {
    spec: { kind: 'fsp', form, between, layers: pairs },
    teachers: checkedTeachers([teacher]),
    loss: (step) =>
      firsts
        .map((first) => {
          const last = pairs[pairs.indexOf(first) + 1]!;
          const section = (of: Activations, role: keyof LayerPair) =>
            sectionOf(of, [first[role], last[role]], `the ${role}`);
          return fspLoss(section(step.student, 'student'), section(step.teachers[0]!, 'teacher'), { form });
        })
        .reduce(add),
  };
}

function sectionOf(of: Activations, [first, last]: readonly [string, string], whose: string): Section {
  const section: Section = [layerAt(of, first, whose), layerAt(of, last, whose)];
  const [start, end] = section;
  demand(
    start !== end && topological([end]).includes(start),
    () =>
      `FSP goes from layer to layer in the order of the network, but ${whose}'s layer ${last} isn't computed from its ${first}: name layers that follow from one another`,
  );
  return section;
}
