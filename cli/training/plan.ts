import {
  type Architecture,
  type Dataset,
  defaultRecipe,
  type LayerSpec,
  labels,
  parseShorthand,
  type Recipe,
} from 'wasm-distill';
import { standardize } from 'wasm-distill/data';
import type { DataReference, Lesson, Teacher, TrainJob } from 'wasm-distill/jobs';
import { entryOf } from 'wasm-distill/objectives';
import type { ObjectiveOptions } from '../options/objective.ts';
import type { Settings } from '../options/options.ts';
import { UsageError } from '../terminal/usage.ts';
import { type Networks, type Taught, taughtBy } from './lesson.ts';
import type { NamedJob } from './run.ts';
import type { References } from './sets.ts';
import type { Settled } from './settle.ts';
import type { GivenModel } from './teachers.ts';

/** The options that determine the main job's trainings, besides those that the data settle. */
export type PlanOptions = ObjectiveOptions &
  Settings<
    | 'temperature'
    | 'teacherTemperature'
    | 'loss'
    | 'epochs'
    | 'batch'
    | 'lr'
    | 'teacherLr'
    | 'dropout'
    | 'maxNorm'
    | 'unlabeled'
    | 'keep'
    | 'seed'
  >;

type Regularization = Settings<'dropout' | 'maxNorm'> & { jitter?: number | undefined };

/** What the trainings are of. */
export interface Material {
  /** Whose samples and classes the networks are for: the teachers' training data. */
  data: Dataset;
  references: References;
  /** What the distilled student learns from, and the student on labels. */
  transfer: DataReference;
  labeled: DataReference;
  epochsOnLabels: number;
  settled: Settled;
}

/** A teacher of the main job: trained by it, or a model that is there. */
export type PlannedTeacher = { title: string } & ((NamedJob & { given?: undefined }) | { given: GivenModel });

export interface Plan {
  teachers: PlannedTeacher[];
  /** The student that learns from the labels alone. */
  hard: NamedJob;
  /** The same student on the teachers' soft targets too, or on what --objective names. */
  distilled: NamedJob;
  /** Of two stages the first, from which the distilled student goes on. */
  first?: NamedJob;
  /** By --objective. */
  taught?: Taught;
}

/** The trainings of the main job. */
export function planOf(material: Material, options: PlanOptions): Plan {
  const { references, settled } = material;
  const teachers = settled.teachers.map((one, i): PlannedTeacher => {
    const title = `teacher ${i + 1}`;
    if (one.given) return { title, given: one.given };
    return { title, name: `teacher-${i + 1}`, job: teacherJob(one.network, i + 1, material, options) };
  });
  const { temperature, loss: form } = options;
  const student: TrainJob = {
    kind: 'train',
    title: 'student, hard labels',
    architecture: settled.student,
    ...references,
    ...kept(options),
    data: material.labeled,
    lesson: { kind: 'labels' },
    epochs: material.epochsOnLabels,
    seed: options.seed,
    batch: options.batch,
    ...recipeOf(options.lr),
    unlabeled: options.unlabeled,
    ...(settled.from && { initial: settled.from.reference }),
  };
  const all = [
    ...teachers.map((one): Teacher => (one.given ? one.given.reference : one.job)),
    ...settled.soft.map(({ reference }) => reference),
  ];
  const lesson: Lesson = {
    kind: 'distillation',
    teachers: all,
    ...{ temperature, form },
    ...(settled.alpha !== undefined && { alpha: settled.alpha }),
  };
  const { epochs, objective } = options;
  const distilled = { ...student, data: material.transfer };
  const hard = { name: 'student-hard', job: student };
  if (objective === undefined)
    return {
      ...{ teachers, hard },
      distilled: { name: 'student', job: { ...distilled, title: 'student, distilled', lesson, epochs } },
    };
  const taught = taughtBy({ ...options, objective }, networksOf(material, teachers));
  return { teachers, hard, ...stagesOf(taught, distilled, all) };
}

/** The student's training by --objective: one job, or two of which the second goes on from the first. */
function stagesOf(
  taught: Taught,
  student: TrainJob,
  teachers: readonly Teacher[],
): Pick<Plan, 'distilled' | 'first' | 'taught'> {
  const { name, first } = taught;
  const lesson = ({ terms, kept }: Pick<Taught, 'terms' | 'kept'>): Lesson => {
    const needing = terms.some(({ objective }) => entryOf(objective).needs.teacher !== 'none');
    return { kind: 'objectives', terms, ...(needing && { teachers }), ...(kept && { kept }) };
  };
  const before: NamedJob | undefined = first && {
    name: 'student-first',
    job: {
      ...{ ...student, title: `student, ${name}, first stage`, lesson: lesson(first), epochs: first.epochs },
      ...(first.upTo !== undefined && { upTo: first.upTo }),
      // Which epoch is the best tells the second stage.
      keep: 'last',
    },
  };
  return {
    taught,
    ...(before && { first: before }),
    distilled: {
      name: 'student',
      job: {
        ...{ ...student, title: `student, ${name}`, lesson: lesson(taught), epochs: taught.epochs },
        ...(before && { initial: before.job }),
      },
    },
  };
}

function networksOf({ settled }: Material, teachers: readonly PlannedTeacher[]): Networks {
  const [first] = teachers;
  const strange = teachers.find(({ given }) => given && !('architecture' in given.model));
  const soft = settled.soft[0]?.reference.name;
  const facts = strange?.given?.onnx?.facts;
  const external = strange?.given
    ? { name: strange.given.file, isGraph: true, inside: facts?.featuresShape }
    : soft === undefined
      ? undefined
      : { name: soft, isGraph: false };
  const model = first?.given?.model;
  const own =
    model && 'architecture' in model
      ? model.architecture
      : first?.given
        ? undefined
        : first?.job.architecture;
  return {
    student: settled.student,
    teacher: external === undefined ? own : undefined,
    teachers: teachers.length + settled.soft.length,
    external,
  };
}

function teacherJob(
  network: string,
  number: number,
  { data, references, settled }: Material,
  options: PlanOptions,
): TrainJob {
  const temperature = options.teacherTemperature;
  const lesson = { kind: 'labels', ...(temperature !== 1 && { temperature }) } as const;
  const usual = defaultRecipe(labels({ temperature }), settled.teacherEpochs).rate;
  return {
    ...regularized(
      networkOf('--teacher', network, data),
      { ...options, jitter: settled.jitter },
      { lr: options.teacherLr, usual },
    ),
    kind: 'train',
    title: `teacher ${number}`,
    ...references,
    ...kept(options),
    lesson,
    epochs: settled.teacherEpochs,
    seed: teacherSeed(options.seed, number),
    batch: options.batch,
  };
}

/** Whose weights a training keeps; the last epoch's unless told otherwise. */
export function kept({ keep }: Settings<'keep'>): Pick<TrainJob, 'keep'> {
  return keep === 'best' ? { keep } : {};
}

/** A network that learns from labels, with what keeps it from memorizing them. */
export function regularized(
  architecture: Architecture,
  { jitter = 0, dropout, maxNorm }: Regularization,
  rate: { lr: 'auto' | number; usual: number },
): Pick<TrainJob, 'architecture' | 'augment' | 'recipe'> {
  const limited = maxNorm > 0 ? { optimizer: { kind: 'sgd', momentum: 0.9, maxNorm } as const } : {};
  return {
    architecture: dropout > 0 ? withDropout(architecture, dropout) : architecture,
    ...(jitter > 0 && { augment: [{ shift: jitter }] }),
    ...recipeOf(rate.lr, { usual: rate.usual, changes: limited }),
  };
}

/**
 * The library's default recipe, or one with the requested values in place of its own: a rate, a limit. The clip stays.
 * `usual`: the rate that the default recipe would have.
 */
export function recipeOf(
  lr: 'auto' | number,
  { usual = 0.1, changes = {} }: { usual?: number; changes?: Recipe } = {},
): { recipe?: Recipe } {
  if (lr === 'auto' && Object.keys(changes).length === 0) return {};
  return { recipe: { rate: lr === 'auto' ? usual : lr, clip: 1, ...changes } };
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
