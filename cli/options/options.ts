import * as v from 'valibot';
import type { Report } from '../report/report.ts';
import { UsageError } from '../terminal/usage.ts';
import { DEFAULTS } from './defaults.ts';
import { PRESET_NAMES } from './presets.ts';
import {
  flag,
  formats,
  imageSize,
  network,
  numbers,
  path,
  rate,
  real,
  temperature,
  whole,
} from './schemas.ts';
import { type Definitions, optionSet, type Values } from './set.ts';

const BY_DATA = '(default: by the data)';

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
  label: {
    flags: '--label <column>',
    help: 'column, array or npy file of the labels, by name or number (from 0, -1 is the last); several columns of 0 and 1 with commas between; none: there are none',
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
    help: `how many teachers of each network the ensemble has (default: ${DEFAULTS.teachers}; 1 if several are named, or if --objective compares layers or samples)`,
    schema: v.optional(whole(1, 100)),
  },
  teacher: {
    flags: '--teacher <network>',
    help: `hidden layers of each teacher, as 1200,1200 or in shorthand, such as "conv32 pool dense128", or a model's .safetensors or .onnx file; several may be given, of different kinds ${BY_DATA}`,
    schema: v.optional(v.array(network())),
    repeatable: true,
  },
  soft: {
    flags: '--soft <file>',
    help: 'outputs made elsewhere for the training rows, as a teacher beside others or alone: npy, npz, safetensors, Parquet, CSV, JSONL; several may be given',
    schema: v.optional(v.array(v.pipe(v.string(), v.nonEmpty('a path')))),
    repeatable: true,
  },
  softKind: {
    flags: '--soft-kind <kind>',
    help: 'what --soft holds: logits or probabilities (default: by its numbers)',
    schema: v.optional(v.picklist(['logits', 'probabilities'], 'logits or probabilities')),
  },
  softTemperature: {
    flags: '--soft-temperature <T>',
    help: 'temperature at which the probabilities of --soft were made (default: what the file says, else 1)',
    schema: v.optional(temperature()),
  },
  softId: {
    flags: '--soft-id <column>',
    help: "column or array of --soft with an id for each row, as the data have it too; another name in the data after a comma (default: rows go by their order); of images ids are the files' names",
    schema: v.optional(
      v.pipe(v.string(), v.regex(/^[^,]+(,[^,]+)?$/, 'one name, or two with a comma between')),
    ),
  },
  teacherClasses: {
    flags: '--teacher-classes <names>',
    help: "the classes of --soft and of teachers that don't say theirs, in their order: names, or numbers of the data's classes (from 0), with commas between",
    schema: v.optional(
      v.pipe(v.string(), v.regex(/^[^,]+(,[^,]+)*$/, 'names or numbers with commas between')),
    ),
  },
  dropClasses: {
    flags: '--drop-classes',
    help: "leave out classes of teachers that the data don't have",
    schema: flag(),
  },
  teacherLayout: {
    flags: '--teacher-layout <order>',
    help: "where an ONNX teacher has an image's channels: nchw (before height and width) or nhwc (default: as its graph tells)",
    schema: v.optional(v.picklist(['nchw', 'nhwc'], 'nchw or nhwc')),
  },
  teacherMean: {
    flags: '--teacher-mean <numbers>',
    help: 'what an ONNX teacher has subtracted from values (of images: of bytes / 255), one number or one for each channel, with commas between (default: 0)',
    schema: v.optional(numbers()),
  },
  teacherStd: {
    flags: '--teacher-std <numbers>',
    help: 'what the difference is divided by then (default: 1)',
    schema: v.optional(numbers()),
  },
  teacherSize: {
    flags: '--teacher-size <n>',
    help: 'height and width of images for an ONNX teacher that takes any, as 32 or 24x32 (default: as they are)',
    schema: v.optional(imageSize()),
  },
  teacherOutput: {
    flags: '--teacher-output <name>',
    help: 'output of an ONNX teacher, or a tensor inside of it (info lists them), that holds what it teaches (default: logits before probabilities)',
    schema: v.optional(v.pipe(v.string(), v.nonEmpty('a name'))),
  },
  teacherKind: {
    flags: '--teacher-kind <kind>',
    help: 'what that output holds, logits or probabilities (default: as its operator and its sums tell)',
    schema: v.optional(v.picklist(['logits', 'probabilities'], 'logits or probabilities')),
  },
  teacherRuntime: {
    flags: '--teacher-runtime <package>',
    help: 'what runs ONNX teachers: onnxruntime-web (default), or onnxruntime-node, which differs between machines',
    schema: v.optional(
      v.picklist(['onnxruntime-web', 'onnxruntime-node'], 'onnxruntime-web or onnxruntime-node'),
    ),
  },
  student: {
    flags: '--student <network>',
    help: `hidden layers of the student, as 800,800 or in shorthand ${BY_DATA}`,
    schema: v.optional(network()),
  },
  from: {
    flags: '--from <model>',
    help: 'a .safetensors file, or an ONNX file of such layers, to start from: layers that fit go on from its weights, others begin anew',
    schema: path(),
  },
  hidden: {
    flags: '--hidden <network>',
    help: `hidden layers of the model, as 800,800 or in shorthand ${BY_DATA}`,
    schema: v.optional(network()),
  },
  model: {
    flags: '--model <network>',
    help: 'the model in shorthand, such as "conv16k5v pool conv32k5v pool dense128"; --hidden is then not read',
    schema: v.optional(network()),
  },
  temperature: {
    flags: '--temperature <T>',
    help: 'temperature of the softmax that makes and learns soft targets',
    schema: temperature(),
    value: DEFAULTS.temperature,
  },
  logits: {
    flags: '--logits',
    help: "the teachers' logits, averaged, in place of probabilities at a temperature",
    schema: flag(),
  },
  teacherTemperature: {
    flags: '--teacher-temperature <T>',
    help: "temperature of the teachers' softmax while they learn from labels",
    schema: temperature(),
    value: DEFAULTS.teacherTemperature,
  },
  alpha: {
    flags: '--alpha <a>',
    help: `weight of the hard labels, from 0 to 1; soft targets have 1 − a (default: ${DEFAULTS.alpha}; --loss sum has none)`,
    schema: v.optional(real('a number from 0 to 1', (a) => a >= 0 && a <= 1)),
  },
  objective: {
    flags: '--objective <names>',
    help: 'what the student learns, in place of soft targets fused with labels: names of "wasm-distill objectives" with + or commas between, such as kd+attention, each with options after a colon, such as at:power=4,form=common; temperatures are then each objective\'s own unless --temperature is given',
    schema: v.optional(v.pipe(v.string(), v.nonEmpty('a name'))),
  },
  weight: {
    flags: '--weight <numbers>',
    help: 'weights in the sum of --objective: one number, or name=number with commas between, labels among them (default: as "wasm-distill objectives" lists them)',
    schema: v.optional(v.pipe(v.string(), v.nonEmpty('a number'))),
  },
  taps: {
    flags: '--taps <pairs>',
    help: 'layers that --objective compares, teacher:student with commas between, or where nobody teaches layers of the student, by names or places as info lists them; objectives whose options name layers keep these, relations beside others their features (default: by resolution, of fitnets the middle ones; what was chosen is printed)',
    schema: v.optional(v.pipe(v.string(), v.nonEmpty('teacher:student'))),
  },
  hintEpochs: {
    flags: '--hint-epochs <n>',
    help: 'of two-stage objectives: how many of --epochs the first stage takes; 0 joins both (default: a third)',
    schema: v.optional(whole(0, 1e6)),
  },
  loss: {
    flags: '--loss <form>',
    help: 'fusion (one cross-entropy with fused targets at T), two-term (soft at T, hard at 1, times T² and weighted) or sum (the same two as they are)',
    schema: v.picklist(['fusion', 'two-term', 'sum'], 'fusion or two-term or sum'),
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
    help: `epochs of each teacher (default: ${DEFAULTS.teacherEpochs}, or of few samples as many as 1,500 steps take)`,
    schema: v.optional(whole(1, 1e6)),
  },
  batch: { flags: '--batch <n>', help: 'samples a step', schema: whole(1, 65536), value: DEFAULTS.batch },
  lr: {
    flags: '--lr <rate>',
    help: 'learning rate of the students at the start; it falls to 0 along half a cosine; auto is 0.1 on hard labels and 0.2 on soft targets, less in more than 40 epochs',
    schema: rate(),
    value: DEFAULTS.lr,
  },
  teacherLr: {
    flags: '--teacher-lr <rate>',
    help: 'learning rate of the teachers at the start; auto is 0.1, or with --teacher-temperature 0.2, less in more than 40 epochs',
    schema: rate(),
    value: DEFAULTS.teacherLr,
  },
  jitter: {
    flags: '--jitter <pixels>',
    help: `greatest random shift of a training image of the teachers, in pixels each way (default: ${DEFAULTS.jitter})`,
    schema: v.optional(whole(0, 16)),
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
  transfer: {
    flags: '--transfer <samples>',
    help: 'what the students see: all training samples, a share such as 3%, a number such as 1800, or all and further data without labels, by their path; teachers see all training samples',
    schema: v.pipe(v.string(), v.nonEmpty('all, a share, a number or a path')),
    value: DEFAULTS.transfer,
  },
  keep: {
    flags: '--keep <epoch>',
    help: "whose weights are kept: the last epoch's, or the best one's by the validation data",
    schema: v.picklist(['last', 'best'], 'last or best'),
    value: DEFAULTS.keep,
  },
  val: {
    flags: '--val <share>',
    help: 'share of the training samples that curves and choices go by, in place of the test data',
    schema: v.optional(real('a number between 0 and 1', (share) => share > 0 && share < 1)),
  },
  preset: {
    flags: '--preset <name>',
    help: 'a recipe by name (below), whose options yield to those given, and to an --objective that does not read them',
    schema: v.optional(v.picklist(PRESET_NAMES, PRESET_NAMES.join(', ').replace(/, ([^,]+)$/, ' or $1'))),
  },
  seeds: {
    flags: '--seeds <n>',
    help: 'repeats everything with so many seeds, from --seed on, and tells mean and deviation',
    schema: whole(1, 1000),
    value: DEFAULTS.seeds,
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
  backend: {
    flags: '--backend <name>',
    help: 'what computes: wasm, threads whose weights are the same everywhere; webgpu, a GPU whose last bits are its own; or auto, the GPU for networks that are large enough',
    schema: v.picklist(['wasm', 'webgpu', 'auto'], 'wasm, webgpu or auto'),
    value: DEFAULTS.backend,
  },
  out: {
    flags: '--out <folder>',
    help: 'where the files go',
    schema: path(),
  },
  format: {
    flags: '--format <formats>',
    help: 'onnx, int8 (8-bit weights) or both with a comma between: the student is also written so, beside its safetensors file',
    schema: v.optional(formats()),
  },
  layout: {
    flags: '--layout <layout>',
    help: 'how an ONNX file takes images: nchw or nhwc',
    schema: v.optional(v.picklist(['nchw', 'nhwc'], 'nchw or nhwc')),
  },
  resume: {
    flags: '--resume',
    help: 'continue an interrupted run of the same options, --backend among them, in its folder',
    schema: flag(),
  },
  allowOtherBackend: {
    flags: '--allow-other-backend',
    help: 'with --resume: go on with what another backend has begun, to results that differ in their last bits',
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

/** @throws UsageError where an earlier run is to be continued and replaced at once, or is said to be another's only. */
export function checkOverwriting({
  resume,
  allowOtherBackend,
  force,
}: Settings<'resume' | 'allowOtherBackend' | 'force'>): void {
  if (resume && force) throw new UsageError('--resume and --force exclude each other: give one of them');
  if (allowOtherBackend && !resume)
    throw new UsageError('--allow-other-backend says how to resume: give --resume, too');
}

/**
 * Options as a report records them: those neither given nor defaulted are left out, and networks given as lists of
 * units become lists of numbers.
 */
export function configOf(
  settings: Readonly<Record<string, Report['config'][string] | undefined>>,
): Report['config'] {
  const networks = ['teacher', 'student', 'hidden', 'model'];
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => {
      if (value === undefined || name === 'dryRun') return [];
      const units = networks.includes(name) && /^\d+(,\d+)*$/.test(String(value));
      return [[name, units ? String(value).split(',').map(Number) : value]];
    }),
  );
}
