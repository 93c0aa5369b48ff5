import * as v from 'valibot';
import { UsageError } from '../terminal/usage.ts';
import { DEFAULTS } from './defaults.ts';
import { flag, imageSize, network, path, rate, real, whole } from './schemas.ts';
import { type Definitions, optionSet, type Values } from './set.ts';

/** Every option, once; the commands take theirs by name. */
export const definitions = {
  data: {
    flags: '--data <where>',
    help: 'mnist, a folder of images (one folder a class) or of IDX files, or Parquet, CSV, TSV, JSONL, npy, npz, safetensors: a file, a folder, or a pattern in quotes',
    schema: v.pipe(v.string(), v.nonEmpty('mnist, a folder or a file')),
    value: DEFAULTS.data,
  },
  test: {
    flags: '--test <where>',
    help: "a file or folder of test data (default: the data's own test part, else a fifth of each class)",
    schema: path(),
  },
  val: {
    flags: '--val <share>',
    help: 'share of the training data that learning curves go by, so that test data are looked at once, at the end',
    schema: v.optional(real('a number between 0 and 1', (share) => share > 0 && share < 1)),
  },
  label: {
    flags: '--label <column>',
    help: 'column, array or npy file of the labels, by name or number (from 0, -1 is the last); none: there are none',
    schema: v.optional(v.pipe(v.string(), v.nonEmpty('a name or a number'))),
  },
  input: {
    flags: '--input <columns>',
    help: 'columns or array of the inputs, by names or numbers with commas between (default: all others)',
    schema: v.optional(
      v.pipe(v.string(), v.regex(/^[^,]+(,[^,]+)*$/, 'names or numbers with commas between')),
    ),
  },
  missing: {
    flags: '--missing <how>',
    help: "mean: missing numbers are taken to be their column's mean (default: they are refused)",
    schema: v.optional(v.picklist(['mean'], 'mean')),
  },
  size: {
    flags: '--size <n>',
    help: 'height and width to which all images are resized, as 32 or 24x32',
    schema: v.optional(imageSize()),
  },
  crop: {
    flags: '--crop',
    help: 'with --size: keep proportions and cut off what stands out',
    schema: flag(),
  },
  dryRun: {
    flags: '--dry-run',
    help: 'only say what was understood of the data',
    schema: flag(),
  },
  limit: {
    flags: '--limit <n>',
    help: 'only the first n training images',
    schema: v.optional(whole(1, 2 ** 31)),
  },
  teachers: {
    flags: '--teachers <n>',
    help: 'how many teachers the ensemble has',
    schema: whole(1, 100),
    value: DEFAULTS.teachers,
  },
  teacher: {
    flags: '--teacher <network>',
    help: 'hidden layers of each teacher, as 1200,1200 or in shorthand, such as "conv32 pool dense128"',
    schema: network(),
    value: DEFAULTS.teacher,
  },
  student: {
    flags: '--student <network>',
    help: 'hidden layers of the student, as 800,800 or in shorthand',
    schema: network(),
    value: DEFAULTS.student,
  },
  hidden: {
    flags: '--hidden <network>',
    help: 'hidden layers of the model, as 800,800 or in shorthand',
    schema: network(),
    value: DEFAULTS.student,
  },
  model: {
    flags: '--model <network>',
    help: 'the model in shorthand, such as "conv16k5v pool conv32k5v pool dense128"; --hidden is then not read',
    schema: v.optional(network()),
  },
  temperature: {
    flags: '--temperature <T>',
    help: 'temperature of the softmax that makes and learns soft targets',
    schema: real('a number from 0.01 to 1000', (t) => t >= 0.01 && t <= 1000),
    value: DEFAULTS.temperature,
  },
  alpha: {
    flags: '--alpha <a>',
    help: 'weight of the hard labels, from 0 to 1; soft targets have 1 − a',
    schema: real('a number from 0 to 1', (a) => a >= 0 && a <= 1),
    value: DEFAULTS.alpha,
  },
  loss: {
    flags: '--loss <form>',
    help: 'fusion (one cross-entropy with fused targets at T) or two-term (soft at T, hard at 1)',
    schema: v.picklist(['fusion', 'two-term'], 'fusion or two-term'),
    value: DEFAULTS.loss,
  },
  epochs: {
    flags: '--epochs <n>',
    help: 'epochs of each student',
    schema: whole(1, 1e6),
    value: DEFAULTS.epochs,
  },
  teacherEpochs: {
    flags: '--teacher-epochs <n>',
    help: 'epochs of each teacher',
    schema: whole(1, 1e6),
    value: DEFAULTS.teacherEpochs,
  },
  batch: { flags: '--batch <n>', help: 'samples a step', schema: whole(1, 65536), value: DEFAULTS.batch },
  lr: {
    flags: '--lr <rate>',
    help: 'learning rate of the students at the start; it falls to 0 along half a cosine; auto is 0.1 on hard labels and 0.2 on soft targets, less in more than 40 epochs',
    schema: v.union([v.pipe(v.literal('auto')), rate('auto or a positive number')]),
    value: DEFAULTS.lr,
  },
  teacherLr: {
    flags: '--teacher-lr <rate>',
    help: 'learning rate of the teachers at the start',
    schema: rate(),
    value: DEFAULTS.teacherLr,
  },
  jitter: {
    flags: '--jitter <pixels>',
    help: 'greatest random shift of a training image of the teachers, in pixels each way',
    schema: whole(0, 16),
    value: DEFAULTS.jitter,
  },
  dropout: {
    flags: '--dropout <share>',
    help: "share of the teachers' hidden units that is dropped in each step",
    schema: real('a number from 0 to less than 1', (p) => p >= 0 && p < 1),
    value: DEFAULTS.dropout,
  },
  maxNorm: {
    flags: '--max-norm <norm>',
    help: "greatest norm of the incoming weights of each of the teachers' dense units, 0 for none",
    schema: real('0 or a positive number', (norm) => norm >= 0),
    value: DEFAULTS.maxNorm,
  },
  unlabeled: {
    flags: '--unlabeled <share>',
    help: "share of the students' training images whose label is hidden: only soft targets are left of them",
    schema: real('a number from 0 to 1', (share) => share >= 0 && share <= 1),
    value: DEFAULTS.unlabeled,
  },
  seed: {
    flags: '--seed <n>',
    help: 'what every random number follows from: the same seed gives the same weights',
    schema: whole(0, 2 ** 32 - 1),
    value: DEFAULTS.seed,
  },
  threads: {
    flags: '--threads <n>',
    help: 'how many threads work; the weights do not depend on it',
    // The library knows how many are possible, and says so.
    schema: v.union([v.pipe(v.literal('auto')), real('', () => true)], 'auto or a whole number'),
    value: DEFAULTS.threads,
  },
  out: {
    flags: '--out <folder>',
    help: 'where the files go',
    schema: path(),
  },
  resume: {
    flags: '--resume',
    help: 'continue an interrupted run of the same options in its folder',
    schema: flag(),
  },
  force: {
    flags: '--force',
    help: 'replace what an earlier run has left there',
    schema: flag(),
  },
  json: {
    flags: '--json',
    help: 'print JSON alone on standard output; progress goes to standard error',
    schema: flag(),
  },
} satisfies Definitions;

export type OptionName = keyof typeof definitions;

/** The values of some options, read and checked. */
export type Settings<K extends OptionName> = Values<typeof definitions, K>;

export const { addOptions, readOptions } = optionSet(definitions);

/** @throws UsageError where an earlier run is to be continued and replaced at once. */
export function checkOverwriting({ resume, force }: Settings<'resume' | 'force'>): void {
  if (resume && force) throw new UsageError('--resume and --force exclude each other: give one of them');
}

/**
 * Options as a report records them: those neither given nor defaulted are left out, and networks given as lists of
 * units become lists of numbers.
 */
export function configOf(
  settings: Partial<Settings<OptionName>>,
): Record<string, string | number | boolean | number[]> {
  const networks = ['teacher', 'student', 'hidden', 'model'];
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => {
      if (value === undefined || name === 'dryRun') return [];
      const units = networks.includes(name) && /^\d+(,\d+)*$/.test(String(value));
      return [[name, units ? String(value).split(',').map(Number) : value]];
    }),
  );
}
