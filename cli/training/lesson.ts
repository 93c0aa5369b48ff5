import type { Architecture } from 'wasm-distill';
import type { LessonTerm } from 'wasm-distill/jobs';
import { checkTaps, entryOf, type ObjectiveName } from 'wasm-distill/objectives';
import { type ObjectiveOptions, tapsIn, weightsOf } from '../options/objective.ts';
import { type Listed, listedIn } from '../options/objective-list.ts';
import { UsageError } from '../terminal/usage.ts';

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
  /** A teacher that is no network of this library, by its name. */
  external: string | undefined;
}

/** @throws UsageError, and DistillError for layers that there aren't or don't fit. */
export function taughtBy(options: ObjectiveOptions & { objective: string }, networks: Networks): Taught {
  const listed = listedIn(options.objective);
  const names = listed.map(({ objective }) => objective);
  checkTeachers(names, networks);
  const weights = weightsOf(options, names);
  const made = listed.map((one) => termOf(one, weights[one.objective], options, networks));
  const staged = made.filter(({ objective }) => entryOf(objective).needs.stages === 2);
  const name = names.join('+');
  if (staged.length === 0 || options.hintEpochs === 0) {
    const terms = withLabels(made, weights.labels);
    return { name, terms, kept: isKept(terms), epochs: options.epochs, said: saying(terms) };
  }
  const hintEpochs = options.hintEpochs ?? Math.max(1, Math.round(options.epochs / 3));
  const rest = made.filter((term) => !staged.includes(term));
  const terms = withLabels(rest.length > 0 ? rest : seconds(staged, options, weights.labels), weights.labels);
  const upTo = upToOf(staged);
  return {
    ...{ name, terms, kept: isKept(terms), epochs: options.epochs - hintEpochs },
    first: { terms: staged, kept: isKept(staged), epochs: hintEpochs, ...(upTo !== undefined && { upTo }) },
    said: `${saying(staged)}${upTo === undefined ? '' : `, up to the student's layer ${upTo}`}; then ${saying(terms)}`,
  };
}

function checkTeachers(names: readonly ObjectiveName[], { teachers, external }: Networks): void {
  for (const name of names) {
    const { teacher } = entryOf(name).needs;
    if (teacher !== 'layers' && teacher !== 'embeddings') continue;
    if (teachers > 1)
      throw new UsageError(
        `--objective ${name} learns from one teacher, but there are ${teachers}: give one, or --teachers 1`,
      );
    if (external !== undefined && teacher === 'layers')
      throw new UsageError(
        `--objective ${name} looks into its teacher, but ${external} is no network of this library: take kd, dkd, dist, standardized or logits`,
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
  const { temperature, temperatureGiven, alpha, loss } = options;
  const own = {
    ...(temperatureGiven && 'temperature' in entry.options && { temperature }),
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

/** The layers that are named, or chosen. */
function tapsOf(objective: ObjectiveName, { taps: text }: ObjectiveOptions, networks: Networks): object {
  const { taps, needs } = entryOf(objective);
  if (!taps) return {};
  const { student } = networks;
  // One that needs no teacher compares layers of the student alone.
  const teacher = needs.teacher === 'none' ? student : networks.teacher;
  if (!teacher) return kept(objective, student, text);
  if (text === undefined) return taps.options(taps.choose(student, teacher));
  const pairs = tapsIn(text);
  try {
    checkTaps(pairs, student, teacher);
    return taps.options(pairs);
  } catch (error) {
    throw new UsageError(`--taps: ${(error as Error).message}`);
  }
}

/** Of a teacher that was asked before its last hidden layer is known, and that alone. */
function kept(objective: ObjectiveName, student: Architecture, text: string | undefined): object {
  if (text !== undefined)
    throw new UsageError(
      `--taps names layers of a teacher that is no network of this library: its last hidden layer is what ${objective} learns from`,
    );
  if (objective !== 'fitnets') return {};
  const { guided } = entryOf(objective).taps!.options(entryOf(objective).taps!.choose(student, student));
  return { guided };
}

/** Labels beside what has none, unless they are named. */
function withLabels(terms: readonly LessonTerm[], given: number | undefined): readonly LessonTerm[] {
  const beside = terms.map(({ objective }) => entryOf(objective).labels);
  const first = beside.find((weight) => weight !== 0) ?? (terms.length === 0 ? 1 : 0);
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
  const { temperature, temperatureGiven } = options;
  const terms = staged.flatMap(({ objective }) => entryOf(objective).second?.terms ?? []);
  const own = terms.map(({ weight, objective, options: theirs = {} }) => ({
    ...{ weight, objective },
    options: { ...theirs, ...(temperatureGiven && { temperature }) },
  })) as LessonTerm[];
  return own.some(({ objective }) => objective === 'labels')
    ? own
    : [{ weight: labels, objective: 'labels' }, ...own];
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
    ({ options = {} }, i) =>
      needs[i] === 'layers' ||
      (needs[i] === 'embeddings' &&
        Object.keys(options).some((name) => ['hint', 'teacherLayer'].includes(name))),
  );
  return !looks && needs.some((teacher) => teacher !== 'none');
}

/** "1 · labels + 2 · attention (layers teacher:student 3:1, 8:4; power 4)" */
function saying(terms: readonly LessonTerm[]): string {
  return terms
    .map((term) => {
      const { weight, objective } = term;
      const by = typeof weight === 'number' ? String(weight) : `${weight.from} to ${weight.to}`;
      const told = [pairsIn({ ...term.options }), othersIn(term)].filter((text) => text !== '');
      return `${by} · ${objective}${told.length > 0 ? ` (${told.join('; ')})` : ''}`;
    })
    .join(' + ');
}

function pairsIn(options: Readonly<Record<string, unknown>>): string {
  const { layers, guided, hint, layer, teacherLayer } = options;
  const pair = (teacher: unknown, student: unknown) =>
    teacher === undefined
      ? `the student's layer ${student}`
      : `layers teacher:student ${teacher}:${student ?? 'what its last layer takes'}`;
  if (Array.isArray(layers) && typeof layers[0] === 'string')
    return `the student's layers ${layers.join(', ')}`;
  if (Array.isArray(layers))
    return `layers teacher:student ${layers.map((one) => `${one.teacher}:${one.student}`).join(', ')}`;
  if (guided !== undefined) return pair(hint, guided);
  return layer === undefined && teacherLayer === undefined ? '' : pair(teacherLayer, layer);
}

/** "power 4, form common": what isn't as the catalog has it. */
function othersIn({ objective, options: given = {} }: LessonTerm): string {
  const { options } = entryOf(objective);
  return Object.entries(given)
    .filter(([name, value]) => !LAYERS.includes(name) && value !== options[name]!.default)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

/** The options that name layers. */
const LAYERS: readonly string[] = ['layers', 'guided', 'hint', 'layer', 'teacherLayer'];
