import { entryOf, type LayerPair, type ObjectiveName } from 'wasm-distill/objectives';
import { UsageError } from '../terminal/usage.ts';
import { listedIn, objectivesOf } from './objective-list.ts';
import type { Settings } from './options.ts';
import { checkRead } from './unread.ts';

/** What --objective and the options beside it ask for. */
export type ObjectiveOptions = Settings<
  'objective' | 'weight' | 'taps' | 'hintEpochs' | 'alpha' | 'loss' | 'temperature' | 'epochs'
> & {
  /** Names of the options that were typed, or that a preset has: unless told, each objective has its own temperature. */
  chosen: ReadonlySet<string>;
};

/** Whether any of them learns from a teacher, and whether one of them can only have one. */
export function teachersFor({ objective }: Pick<ObjectiveOptions, 'objective'>): {
  taught: boolean;
  one: boolean;
} {
  if (objective === undefined) return { taught: true, one: false };
  const needs = objectivesOf(objective).map((name) => entryOf(name).needs.teacher);
  return {
    taught: needs.some((teacher) => teacher !== 'none'),
    one: needs.some((teacher) => teacher === 'embeddings' || teacher === 'layers'),
  };
}

/** What a student that --objective teaches, or soft targets, has that can be set otherwise. */
export function learnedBy(asked: Pick<ObjectiveOptions, 'objective'>): {
  taught: boolean;
  temperature: boolean;
  weighed: boolean;
} {
  const { taught } = teachersFor(asked);
  if (asked.objective === undefined) return { taught, temperature: true, weighed: false };
  const temperature = objectivesOf(asked.objective).some((name) => 'temperature' in entryOf(name).options);
  return { taught, temperature, weighed: true };
}

/** At what kd of a list has its soft targets, unless --temperature says it. @throws UsageError */
export function kdTemperature(
  objective: string | undefined,
  chosen: ReadonlySet<string>,
): number | undefined {
  if (!objective || chosen.has('temperature')) return undefined;
  const kd = listedIn(objective).find((one) => one.objective === 'kd');
  return (kd?.options.temperature ?? entryOf('kd').options.temperature!.default) as number;
}

/** Refuses options that nothing of the list reads, or that contradict each other. @throws UsageError */
export function checkObjective(options: ObjectiveOptions): void {
  const { objective, weight, taps, hintEpochs, chosen, epochs } = options;
  const needed: [string, unknown][] = [
    ['--weight', weight],
    ['--taps', taps],
    ['--hint-epochs', hintEpochs],
  ];
  if (objective === undefined) {
    const lost = needed.find(([, value]) => value !== undefined);
    if (lost)
      throw new UsageError(`${lost[0]} is of --objective: give one, such as --objective kd+attention`);
    return;
  }
  const names = objectivesOf(objective);
  weightsOf(options, names);
  checkRead(objective, chosen);
  const staged = names.some((name) => entryOf(name).needs.stages === 2);
  if (hintEpochs === undefined && staged && epochs < 2)
    throw new UsageError(
      `${names.join(', ')} trains in two stages, but there is one epoch: give --epochs 2 or more, or --hint-epochs 0, which joins them`,
    );
  if (hintEpochs !== undefined && hintEpochs >= epochs)
    throw new UsageError(
      `--hint-epochs ${hintEpochs} leaves none of --epochs ${epochs} for the second stage: give fewer`,
    );
}

/** Weights by name: those given. @throws UsageError */
export function weightsOf(
  { weight }: Pick<ObjectiveOptions, 'weight'>,
  names: readonly ObjectiveName[],
): Partial<Record<ObjectiveName, number>> {
  if (weight === undefined) return {};
  if (/^[^=]+$/.test(weight)) {
    const others = names.filter((name) => name !== 'labels' && name !== 'kd');
    const meant = others.length > 0 ? others : names;
    if (meant.length > 1)
      throw new UsageError(
        `--weight ${weight} is of one objective, but there are ${meant.join(', ')}: say --weight ${meant.map((name) => `${name}=${weight}`).join(',')}`,
      );
    return { [meant[0]!]: numberOf(weight) };
  }
  const given = weight.split(',').map((part) => {
    const [, word = part, value = ''] = /^([^=]*)=(.*)$/s.exec(part) ?? [];
    return [nameIn(word.trim(), names), numberOf(value)] as const;
  });
  const twice = given.find(([name], i) => given.findIndex(([other]) => other === name) < i);
  if (twice) throw new UsageError(`--weight has ${twice[0]} twice`);
  return Object.fromEntries(given);
}

function nameIn(word: string, names: readonly ObjectiveName[]): ObjectiveName {
  const all: readonly ObjectiveName[] = [...names, 'labels'];
  const found = all.find((name) => name === word || entryOf(name).aliases.includes(word));
  if (!found)
    throw new UsageError(`--weight names ${JSON.stringify(word)}, but --objective has ${names.join(', ')}`);
  return found;
}

function numberOf(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new UsageError(
      `--weight must be a number of at least 0, or name=number with commas between, not ${JSON.stringify(text)}`,
    );
  return value;
}

/**
 * The tensor inside of an ONNX teacher that --taps names, where objectives look inside of teachers.
 * @throws UsageError for several, as one is kept.
 */
export function tensorIn({
  objective,
  taps,
}: Pick<ObjectiveOptions, 'objective' | 'taps'>): string | undefined {
  if (objective === undefined || taps === undefined) return undefined;
  const looking = objectivesOf(objective).map(entryOf);
  if (!looking.some((entry) => entry.taps && entry.needs.teacher !== 'none')) return undefined;
  const tensors = [...new Set(tapsIn(taps).map(({ teacher }) => teacher))];
  if (tensors.length > 1)
    throw new UsageError(
      `--taps names ${tensors.join(', ')} of an ONNX teacher, of which one tensor is kept: name one`,
    );
  return tensors[0];
}

/** "conv2:1,pool:0": the teacher's layer first. @throws UsageError */
export function tapsIn(text: string): LayerPair[] {
  return text.split(',').map((part) => pairIn(part.trim(), text));
}

/** The student's layers, "1,conv2:pre", where nobody teaches; of pairs the second. @throws UsageError */
export function ownTapsIn(text: string): LayerPair[] {
  return text.split(',').map((part) => {
    const one = part.trim();
    const student = /^[^:]+(:pre)?$/.test(one) ? one : pairIn(one, text).student;
    return { teacher: student, student };
  });
}

function pairIn(pair: string, text: string): LayerPair {
  // An activation's input is called name:pre.
  const found =
    /^([^:]+(?::pre)?):([^:]+(?::pre)?)$/.exec(pair) ??
    // TensorFlow's tensors are called relu:0.
    /^([^:]+:\d+):([^:]+(?::pre)?)$/.exec(pair);
  if (!found)
    throw new UsageError(
      `--taps must be pairs of layers, teacher:student, with commas between (where nobody teaches, layers of the student), not ${JSON.stringify(text)}`,
    );
  return { teacher: found[1]!, student: found[2]! };
}
