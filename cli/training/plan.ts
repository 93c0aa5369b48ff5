import { type Architecture, type Dataset, type LayerSpec, parseShorthand, type Recipe } from 'wasm-distill';
import { standardize } from 'wasm-distill/data';
import type { DataReference, TrainJob } from 'wasm-distill/jobs';
import type { Settings } from '../options/options.ts';
import { UsageError } from '../terminal/usage.ts';
import type { NamedJob } from './run.ts';

/** The options that determine the main job's trainings. */
export type PlanOptions = Settings<
  | 'teachers'
  | 'teacher'
  | 'student'
  | 'temperature'
  | 'alpha'
  | 'loss'
  | 'epochs'
  | 'teacherEpochs'
  | 'batch'
  | 'lr'
  | 'teacherLr'
  | 'jitter'
  | 'dropout'
  | 'maxNorm'
  | 'unlabeled'
  | 'seed'
>;

type Regularization = Settings<'jitter' | 'dropout' | 'maxNorm'>;

/** The data that jobs learn from, and the data on which their errors are counted. */
interface References {
  data: DataReference;
  test: DataReference;
  validation?: DataReference;
}

export interface Plan {
  teachers: NamedJob[];
  /** The student that learns from the labels alone. */
  hard: NamedJob;
  /** The same student for the same number of epochs on the same samples. */
  distilled: NamedJob;
}

/** The trainings of the main job. */
export function planOf(data: Dataset, references: References, options: PlanOptions): Plan {
  const teachers = Array.from({ length: options.teachers }, (_, i): NamedJob => {
    const job = {
      ...regularized(networkOf('--teacher', options.teacher, data), options, options.teacherLr),
      kind: 'train',
      title: `teacher ${i + 1}`,
      ...references,
      lesson: { kind: 'labels' },
      epochs: options.teacherEpochs,
      seed: teacherSeed(options.seed, i + 1),
      batch: options.batch,
    } as const;
    return { name: `teacher-${i + 1}`, job };
  });
  const { temperature, alpha, loss: form } = options;
  const student: TrainJob = {
    kind: 'train',
    title: 'student, hard labels',
    architecture: networkOf('--student', options.student, data),
    ...references,
    lesson: { kind: 'labels' },
    epochs: options.epochs,
    seed: options.seed,
    batch: options.batch,
    ...recipeOf(options.lr),
    unlabeled: options.unlabeled,
  };
  return {
    teachers,
    hard: { name: 'student-hard', job: student },
    distilled: {
      name: 'student',
      job: {
        ...student,
        title: 'student, distilled',
        lesson: { kind: 'distillation', teachers: teachers.map(({ job }) => job), temperature, alpha, form },
      },
    },
  };
}

/** A network that learns from labels, with what keeps it from memorizing them. */
export function regularized(
  architecture: Architecture,
  { jitter, dropout, maxNorm }: Regularization,
  lr: 'auto' | number,
): Pick<TrainJob, 'architecture' | 'augment' | 'recipe'> {
  const limited = maxNorm > 0 ? { optimizer: { kind: 'sgd', momentum: 0.9, maxNorm } as const } : {};
  return {
    architecture: dropout > 0 ? withDropout(architecture, dropout) : architecture,
    ...(jitter > 0 && { augment: [{ shift: jitter }] }),
    ...recipeOf(lr, limited),
  };
}

/**
 * The library's default recipe, or one with the requested values in place of its own: a rate, a limit. The clip stays.
 */
export function recipeOf(lr: 'auto' | number, changes: Recipe = {}): { recipe?: Recipe } {
  if (lr === 'auto' && Object.keys(changes).length === 0) return {};
  return { recipe: { rate: lr === 'auto' ? 0.1 : lr, clip: 1, ...changes } };
}

/**
 * A network of these hidden layers, or of this shorthand, for the data's samples and classes. It standardizes numbers by
 * feature, colors by channel, as the training data have them.
 * @throws UsageError naming the option.
 */
export function networkOf(flag: string, text: string, { inputs, classes }: Dataset): Architecture {
  try {
    const { architecture } = parseShorthand(text, { input: { shape: inputs.shape }, classes });
    return isGray(inputs) ? architecture : standardize(architecture, inputs);
  } catch (error) {
    throw new UsageError(`${flag}: ${(error as Error).message}`);
  }
}

/** Of such the library knows without statistics what to make: their bytes divided by 255. */
function isGray({ shape, values }: Dataset['inputs']): boolean {
  return values.BYTES_PER_ELEMENT === 1 && (shape.length === 1 || shape.at(-1) === 1);
}

/** Adds dropout of a share of the units after every ReLU. */
function withDropout({ input, layers }: Architecture, rate: number): Architecture {
  return {
    input,
    layers: layers.flatMap((layer): LayerSpec[] => ('relu' in layer ? [layer, { dropout: rate }] : [layer])),
  };
}

/** Seeds far from each other and from those of other runs, whose --seed values are small: multiples of 2³²/φ. */
function teacherSeed(seed: number, teacher: number): number {
  return (seed + Math.imul(teacher, 0x9e3779b9)) >>> 0;
}
