import type { Architecture, Dataset } from 'wasm-distill';
import { shorthandOf } from 'wasm-distill/graph';
import type { Data } from '../data/reader.ts';
import type { TrainingRows } from '../data/rows.ts';
import { counted } from '../format/numbers.ts';
import { checkOnnxOptions, type OnnxOptions } from '../onnx/teacher.ts';
import { defaultNetworks } from '../options/default-networks.ts';
import { DEFAULTS } from '../options/defaults.ts';
import { teacherEpochs } from '../options/epochs.ts';
import { teachersFor, tensorIn } from '../options/objective.ts';
import type { Settings } from '../options/options.ts';
import { type SoftOptions, type SoftTeacher, softTeachers } from '../soft/teachers.ts';
import type { Progress } from '../terminal/progress.ts';
import { UsageError } from '../terminal/usage.ts';
import type { DataPair } from './data.ts';
import { checkOneOrder } from './fit-classes.ts';
import { networkOf } from './plan.ts';
import { networkLike, startOf, withInputOf } from './start.ts';
import {
  type GivenNetwork,
  type NamedTeacher,
  namedTeacher,
  repeatedTeachers,
  teacherFor,
} from './teachers.ts';

type Open = Settings<
  | 'teachers'
  | 'teacher'
  | 'student'
  | 'from'
  | 'alpha'
  | 'loss'
  | 'teacherEpochs'
  | 'batch'
  | 'jitter'
  | 'objective'
  | 'taps'
> &
  SoftOptions &
  OnnxOptions;

/** What options leave open, settled by each other and by the data. */
export interface Settled {
  teachers: NamedTeacher[];
  /** Outputs that were made elsewhere. */
  soft: SoftTeacher[];
  student: Architecture;
  /** What the students start from. */
  from?: GivenNetwork;
  alpha?: number;
  teacherEpochs: number;
  /** Rows of numbers can't be shifted. */
  jitter: number;
  /** The same, as a report records it. */
  config: {
    teacher?: string | string[];
    student: string;
    teachers: number;
    teacherEpochs: number;
    jitter: number;
    alpha?: number;
  };
}

/** @throws UsageError for a weight that the loss has none of. */
export function checkAlpha({ loss, alpha }: Settings<'loss' | 'alpha'>): void {
  if (loss === 'sum' && alpha !== undefined)
    throw new UsageError(
      '--alpha weighs hard and soft targets, and --loss sum adds both up as they are: leave --alpha out, or give --loss two-term',
    );
}

/** `rows`: what outputs made elsewhere are of. */
export async function settle(
  options: Open,
  { train, some: data, rows }: Pick<DataPair, 'train' | 'some'> & { rows?: TrainingRows },
  progress: Progress,
): Promise<Settled> {
  const networks = defaultNetworks(data);
  const soft = await softTeachers(options, { data, ...(rows && { rows }) }, progress);
  // Outputs that are there teach alone, unless teachers are asked for.
  const { taught, one } = teachersFor(options);
  const untaught = !taught || (soft.length > 0 && options.teachers === undefined);
  const texts = options.teacher ?? (untaught ? [] : [networks.teacher]);
  checkOnnxOptions(options, texts);
  const named: NamedTeacher[] = [];
  for (const text of texts) {
    const one = await namedTeacher(text);
    const features = one.onnx === undefined ? undefined : tensorIn(options);
    named.push(await teacherFor(one, data, { ...options, features }, progress));
  }
  checkOneOrder([...named.flatMap(({ given }) => given ?? []), ...soft]);
  const alone = named.length === 1 && !named[0]!.given;
  const times = options.teachers ?? (alone && !one ? DEFAULTS.teachers : 1);
  const from = await startOf({ from: options.from }, data, progress);
  const like = from && options.student === undefined ? networkLike(from, data) : undefined;
  const text = options.student ?? (like ? shorthandOf(like, { names: false }) : networks.student);
  const teachers = repeatedTeachers(named, times);
  const trained = teachers.some(({ given }) => !given);
  const epochs =
    options.teacherEpochs ?? (trained ? epochsFor(train, options.batch, progress) : DEFAULTS.teacherEpochs);
  const jitter = options.jitter ?? (data.inputs.shape.length === 3 ? DEFAULTS.jitter : 0);
  const alpha = options.loss === 'sum' ? {} : { alpha: options.alpha ?? DEFAULTS.alpha };
  return {
    ...{ teachers, soft },
    student: like ?? studentOf(text, from, data),
    ...(from && { from }),
    ...alpha,
    ...{ teacherEpochs: epochs, jitter },
    config: {
      ...(texts.length > 0 && { teacher: texts.length === 1 ? texts[0]! : texts }),
      student: text,
      teachers: times,
      teacherEpochs: epochs,
      jitter,
      ...alpha,
    },
  };
}

function studentOf(text: string, from: GivenNetwork | undefined, data: Dataset): Architecture {
  const architecture = networkOf('--student', text, data);
  return from ? withInputOf(from, architecture, data) : architecture;
}

/** Says where few samples take more epochs than usual. */
function epochsFor({ size }: Data, batch: number, progress: Progress): number {
  const usual = DEFAULTS.teacherEpochs;
  const epochs = teacherEpochs(size, { batch, usual });
  if (epochs > usual)
    progress.say(
      `teachers train for ${counted(epochs, 'epoch')} in place of ${usual}, as ${counted(size, 'sample')} make few steps: --teacher-epochs sets another number`,
    );
  return epochs;
}
