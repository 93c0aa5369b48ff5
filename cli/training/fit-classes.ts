import { type Dataset, DistillError } from 'wasm-distill';
import type { AnyModel } from 'wasm-distill/data';
import { classesOf } from 'wasm-distill/graph';
import { mapClasses } from 'wasm-distill/objectives';
import { namesOf } from '../data/facts.ts';
import type { Data } from '../data/reader.ts';
import { isLabeled } from '../data/understand.ts';
import type { Settings } from '../options/options.ts';
import type { Progress } from '../terminal/progress.ts';
import { UsageError } from '../terminal/usage.ts';

export type ClassOptions = Partial<Settings<'teacherClasses' | 'dropClasses'>>;

/** What --teacher-classes is where there is no --soft. */
export const CLASSES_HELP =
  "the classes of models that don't say theirs, in their order: names, or numbers of the data's classes (from 0), with commas between";

/**
 * A teacher whose classes are those of the data, in their order: where both name theirs, they are found by name, which is
 * said. A teacher that names none, and for which nobody names any, is taken to have the data's.
 * @throws DistillError 'mismatch', UsageError
 */
export async function fitClasses<M extends AnyModel>(
  what: string,
  model: M,
  data: Dataset,
  { teacherClasses, dropClasses }: ClassOptions,
  progress: Progress,
): Promise<M> {
  const wanted = namesOf(data);
  // Labels that are numbers have no names but these.
  const isNumbered = model.classNames?.every((name) => wanted.includes(name));
  const own = data.classNames || teacherClasses || isNumbered ? model.classNames : undefined;
  const names = own ?? (teacherClasses && named(teacherClasses, wanted));
  if (!names || names.join('\n') === wanted.join('\n')) return model;
  try {
    const options = { names, ...(dropClasses && ({ extra: 'drop' } as const)) };
    const mapped = (await mapClasses(model as AnyModel, wanted, options)) as AnyModel as M;
    if (mapped !== model) progress.say(`${what}: ${said(names, wanted)}`);
    return mapped;
  } catch (error) {
    if (!(error instanceof DistillError)) throw error;
    const sentence = error.message.replace("extra: 'drop' leaves", '--drop-classes leaves');
    throw new DistillError(error.code, `${what}: ${sentence}`, { cause: error });
  }
}

/** A model, and where it came from. */
export interface Placed<M extends AnyModel = AnyModel> {
  file: string;
  model: M;
}

/** Data that name no classes, with those of the first model that names its own: in that order all answer. */
export function withClassesOf(data: Data, models: readonly Placed[]): Data {
  const [first] = models;
  const naming = models.find(({ model }) => model.classNames)?.model;
  const { classNames: _, ...unnamed } = data;
  const unlabeled = !isLabeled(data);
  if (!naming) return unlabeled ? { ...unnamed, classes: classesIn(first!.model) } : data;
  const { length } = naming.classNames!;
  if (!unlabeled && (data.classNames || data.classes !== length)) return data;
  return { ...unnamed, classes: length, classNames: naming.classNames! };
}

function classesIn(model: AnyModel): number {
  return 'architecture' in model ? classesOf(model.architecture) : model.classes;
}

/**
 * Where the data name no classes, nobody can tell which of two orders is theirs.
 * @throws DistillError 'mismatch' for teachers that name theirs in different orders.
 */
export function checkOneOrder(teachers: readonly Placed[]): void {
  const [first, ...others] = teachers.filter(({ model }) => model.classNames);
  const names = ({ model }: Placed) => JSON.stringify(model.classNames);
  const other = others.find((one) => names(one) !== names(first!));
  if (!other) return;
  throw new DistillError(
    'mismatch',
    `${other.file}: its classes are others than those of ${first!.file}, or in another order, and the data don't name theirs, by which both would be found: give data with names of classes, or one of the teachers`,
  );
}

/** The names that --teacher-classes means: names of the data's classes, others, or their numbers. */
function named(text: string, wanted: readonly string[]): string[] {
  const names = text.split(',').map((word) => word.trim());
  const known = names.map((name) => {
    if (wanted.includes(name) || !/^\d+$/.test(name)) return name;
    return wanted[Number(name)] ?? name;
  });
  const twice = known.find((name, i) => known.indexOf(name) < i);
  if (twice !== undefined) throw new UsageError(`--teacher-classes names ${JSON.stringify(twice)} twice`);
  return known;
}

function said(names: readonly string[], wanted: readonly string[]): string {
  const lacking = wanted.filter((name) => !names.includes(name));
  const extra = names.filter((name) => !wanted.includes(name));
  const list = (words: readonly string[]) => `${words.slice(0, 5).join(', ')}${words.length > 5 ? ' …' : ''}`;
  return [
    'its classes are found among the data’s by their names',
    ...(lacking.length > 0 ? [`it doesn't know ${list(lacking)}, whose probability is 0`] : []),
    ...(extra.length > 0 ? [`${list(extra)} left out`] : []),
  ].join('; ');
}
