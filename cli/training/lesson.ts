import type { Architecture } from 'wasm-distill';
import { network, variable } from 'wasm-distill/graph';
import type { LessonTerm } from 'wasm-distill/jobs';
import {
  attentionLoss,
  checkTaps,
  entryOf,
  type LayerPair,
  type NamedObjective,
  type ObjectiveName,
  objectiveNamed,
} from 'wasm-distill/objectives';
import { type ObjectiveOptions, ownTapsIn, tapsIn, weightsOf } from '../options/objective.ts';
import { type Listed, listedIn } from '../options/objective-list.ts';
import { UsageError } from '../terminal/usage.ts';
import { namesLayers, saying } from './saying.ts';

/** What a student learns, by --objective. */
export interface Taught {
  /** "kd+attention" */
  name: string;
  terms: readonly LessonTerm[];
  /** Whether teachers are asked before: only what looks into them needs them in the step. */
  kept: boolean;
  epochs: number;
  /** The first of two stages. */
  first?: { terms: readonly LessonTerm[]; kept: boolean; epochs: number; upTo?: string };
  /** What was chosen, in a sentence. */
  said: string;
}

/** The networks that objectives are for. */
export interface Networks {
  student: Architecture;
  /** None where nobody teaches, or where a teacher is no network of this library. */
  teacher: Architecture | undefined;
  teachers: number;
  external: External | undefined;
}

/** A teacher that is no network of this library. */
interface External {
  name: string;
  /** Whether it is an ONNX graph, not stored outputs. */
  isGraph: boolean;
  /** The shape of the tensor inside that --taps names. */
  inside?: readonly number[] | undefined;
}

/** @throws UsageError, and DistillError for layers that there aren't or don't fit. */
export function taughtBy(options: ObjectiveOptions & { objective: string }, networks: Networks): Taught {
  const listed = listedIn(options.objective);
  const names = listed.map(({ objective }) => objective);
  checkTeachers(names, networks);
  const weights = weightsOf(options, names);
  const tapped = tappedOf(listed, options, networks);
  const made = listed
    .map((one) => {
      const taps = tapped.includes(one) ? options.taps : undefined;
      return termOf(one, weights[one.objective], { ...options, taps }, networks);
    })
    // They would still ask for samples that have labels.
    .filter(({ objective, weight }) => objective !== 'labels' || weight !== 0);
  const staged = made.filter(({ objective }) => entryOf(objective).needs.stages === 2);
  const name = names.join('+');
  if (staged.length === 0 || options.hintEpochs === 0) {
    const terms = withLabels(made, weights.labels);
    checkLearns(terms, options, 'the student', ['labels']);
    return { name, terms, kept: isKept(terms), epochs: options.epochs, said: saying(terms) };
  }
  const hintEpochs = options.hintEpochs ?? Math.max(1, Math.round(options.epochs / 3));
  const rest = made.filter((term) => !staged.includes(term));
  const terms = withLabels(rest.length > 0 ? rest : seconds(staged, options, weights.labels), weights.labels);
  checkLearns(staged, options, 'the first stage');
  checkLearns(terms, options, 'the second stage', ['labels']);
  const upTo = upToOf(staged);
  return {
    ...{ name, terms, kept: isKept(terms), epochs: options.epochs - hintEpochs },
    first: { terms: staged, kept: isKept(staged), epochs: hintEpochs, ...(upTo !== undefined && { upTo }) },
    said: `${saying(staged)}${upTo === undefined ? '' : `, up to the student's layer ${upTo}`}; then ${saying(terms)}`,
  };
}

/** Refuses a stage in which nothing counts, which --weight has made so. @throws UsageError */
function checkLearns(
  terms: readonly LessonTerm[],
  { weight: given }: ObjectiveOptions,
  who: string,
  beside: readonly ObjectiveName[] = [],
): void {
  if (terms.some(({ weight }) => weight !== 0)) return;
  const names = [...terms.map(({ objective }) => objective), ...beside];
  throw new UsageError(
    `--weight ${given} leaves ${who} nothing to learn: give ${names.join(' or ')} a weight above 0`,
  );
}

function checkTeachers(names: readonly ObjectiveName[], { teachers, external }: Networks): void {
  for (const name of names) {
    const { teacher } = entryOf(name).needs;
    if (teacher !== 'layers' && teacher !== 'embeddings') continue;
    if (teachers > 1)
      throw new UsageError(
        `--objective ${name} learns from one teacher, but there are ${teachers}: give one, or --teachers 1`,
      );
    if (external && (teacher === 'layers' || !external.isGraph))
      throw new UsageError(
        `--objective ${name} looks into its teacher, but ${external.name} is no network of this library: take kd, dkd, dist, standardized or logits`,
      );
    if (external && !external.inside)
      throw new UsageError(
        `--objective ${name} learns from what is inside of its teacher: name a tensor of ${external.name}, as info lists them, and a layer of the student, --taps tensor:layer`,
      );
  }
}

function termOf(
  { objective, options: given }: Listed,
  weight: number | undefined,
  options: ObjectiveOptions,
  networks: Networks,
): LessonTerm {
  const entry = entryOf(objective);
  const { temperature, chosen, alpha, loss } = options;
  if (networks.external && namesTeachers(given))
    throw new UsageError(
      `--objective ${objective} names a layer of its teacher, but ${networks.external.name} is no network of this library: --taps tensor:layer names what is inside of an ONNX graph`,
    );
  const own = {
    ...(chosen.has('temperature') && 'temperature' in entry.options && { temperature }),
    ...(objective === 'kd' && alpha !== undefined && { alpha }),
    ...(objective === 'kd' && { form: loss }),
    ...tapsOf(objective, options, networks),
    ...given,
  };
  return {
    weight: weight ?? entry.weight,
    objective,
    ...(Object.keys(own).length > 0 && { options: own }),
  } as LessonTerm;
}

/** Those of the list whose layers --taps names. @throws UsageError where options of theirs have named them all. */
function tappedOf(
  listed: readonly Listed[],
  { taps }: ObjectiveOptions,
  { external }: Networks,
): readonly Listed[] {
  // Of an ONNX graph there is one tensor, for all of them.
  if (taps === undefined || external?.inside) return listed;
  const open = listed.filter(({ objective, options }) => entryOf(objective).taps && !namesLayers(options));
  if (open.length === 0)
    throw new UsageError('--taps is given beside options that name the same layers: leave it out');
  // Maps that are named for others aren't meant for relations, which are of features unless told.
  const needing = open.filter(({ objective }) => entryOf(objective).taps?.choose);
  return needing.length > 0 ? needing : open;
}

/** The layers that are named, or chosen. */
function tapsOf(objective: ObjectiveName, { taps: text }: ObjectiveOptions, networks: Networks): object {
  const { taps, needs } = entryOf(objective);
  if (!taps) return {};
  const { student } = networks;
  // One that needs no teacher compares layers of the student alone.
  const teacher = needs.teacher === 'none' ? student : networks.teacher;
  const { external } = networks;
  if (external?.inside) return kept(objective, student, text, external.inside);
  if (!teacher) return {};
  if (text === undefined) return taps.options(taps.choose?.(student, teacher) ?? []);
  const pairs = needs.teacher === 'none' ? ownTapsIn(text) : tapsIn(text);
  try {
    checkTaps(pairs, student, teacher);
    return taps.options(pairs);
  } catch (error) {
    throw new UsageError(`--taps: ${(error as Error).message}`);
  }
}

/** Of an ONNX teacher one tensor is known, beside a layer of the student. */
function kept(
  objective: ObjectiveName,
  student: Architecture,
  text: string | undefined,
  inside: readonly number[],
): object {
  const [pair, ...more] = text === undefined ? [] : tapsIn(text);
  if (!pair || more.length > 0)
    throw new UsageError(
      `--taps must be one pair, tensor:layer, where an ONNX graph teaches ${objective}, not ${JSON.stringify(text)}`,
    );
  const layer = pair.student;
  try {
    const own = network(student)
      .forward(variable('x', [1, ...student.input.shape]), 'infer')
      .at(layer);
    if (objective === 'attention') attentionLoss(own, variable('kept', [1, ...inside]));
    // Which layer of the teacher it is doesn't matter to what learns from its numbers.
    const options = entryOf(objective).taps!.options([{ student: layer } as LayerPair]);
    checkHelpers({ objective, options } as NamedObjective, student, inside);
    return options;
  } catch (error) {
    throw new UsageError(`--taps: ${(error as Error).message}`);
  }
}

/** Refuses what no network beside the student can make of its layer: a map of a row. */
function checkHelpers(named: NamedObjective, student: Architecture, inside: readonly number[]): void {
  const columns = inside.reduce((product, side) => product * side, 1);
  const hidden = { values: new Float32Array(columns), columns, shape: inside };
  const { helpers } = objectiveNamed(named, { hidden });
  if (typeof helpers === 'function') helpers(student);
}

/** Labels beside what has none, unless they are named. */
function withLabels(terms: readonly LessonTerm[], given: number | undefined): readonly LessonTerm[] {
  const beside = terms.map(({ objective }) => entryOf(objective).labels);
  const first = beside.find((weight) => weight !== 0) ?? 0;
  const weight = given ?? (beside.includes('inside') ? 0 : first);
  const named = terms.some(({ objective }) => objective === 'labels');
  return named || typeof weight !== 'number' || weight === 0
    ? terms
    : [{ weight, objective: 'labels' }, ...terms];
}

/** What the paper has in its second stage, labels beside it. */
function seconds(
  staged: readonly LessonTerm[],
  options: ObjectiveOptions,
  labels = 1,
): readonly LessonTerm[] {
  const { temperature, chosen } = options;
  const terms = staged.flatMap(({ objective }) => entryOf(objective).second?.terms ?? []);
  const own = terms.map(({ weight, objective, options: theirs = {} }) => ({
    ...{ weight, objective },
    options: { ...theirs, ...(chosen.has('temperature') && { temperature }) },
  })) as LessonTerm[];
  return labels === 0 ? own : [{ weight: labels, objective: 'labels' }, ...own];
}

function upToOf(staged: readonly LessonTerm[]): string | undefined {
  const ends = staged.map(({ objective, options = {} }) => entryOf(objective).second?.upTo?.({ ...options }));
  // Two that end at different layers train all.
  return staged.length === 1 ? ends[0] : undefined;
}

/** Whether all can be asked before. */
function isKept(terms: readonly LessonTerm[]): boolean {
  const needs = terms.map(({ objective }) => entryOf(objective).needs.teacher);
  const looks = terms.some(
    ({ options = {} }, i) => needs[i] === 'layers' || (needs[i] === 'embeddings' && namesTeachers(options)),
  );
  return !looks && needs.some((teacher) => teacher !== 'none');
}

/** Whether layers of a teacher are named, of which nothing is kept. */
function namesTeachers(options: Readonly<Record<string, unknown>>): boolean {
  const { hint, teacherLayer, layers = [] } = options;
  const pairs = layers as readonly Partial<LayerPair>[];
  return [hint, teacherLayer, ...pairs.map(({ teacher }) => teacher)].some((name) => name !== undefined);
}
