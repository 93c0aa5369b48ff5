import { type Dataset, mostProbable } from 'wasm-distill';
import type { ClassRecall, ConfusedPair, Opinions, Quality, WrongSamples } from './comparison.ts';
import { shownSample } from './shown-sample.ts';

/** Of more classes a report has only those with the least recall. */
const MOST_CLASSES = 1024;
const LEAST_KNOWN = 20;
/** How many kinds of mistakes a report lists. */
const MOST_PAIRS = 10;
/** How many samples it shows of each kind of disagreement. */
const MOST_SHOWN = 12;

/** What teachers and students know, from their probabilities [size, classes] for the test samples. */
export function qualityOf(probabilities: Opinions<Float32Array>, test: Dataset): Quality {
  const decisions = eachOf((who) => decided(probabilities[who], test.classes));
  return {
    recall: recall(decisions, test),
    confusions: confusions(decisions, test),
    wrong: wrong(probabilities, decisions, test),
  };
}

const WHO = ['ensemble', 'hard', 'distilled'] as const;

function eachOf<T>(value: (who: keyof Opinions<unknown>) => T): Opinions<T> {
  return { ensemble: value('ensemble'), hard: value('hard'), distilled: value('distilled') };
}

function decided(probabilities: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: probabilities.length / classes }, (_, i) =>
    mostProbable(probabilities.subarray(i * classes, (i + 1) * classes)),
  );
}

function recall(decisions: Opinions<Int32Array>, { labels, classes, classNames }: Dataset): ClassRecall[] {
  const samples = new Float64Array(classes);
  for (const label of labels) if (label >= 0) samples[label]!++;
  const right = eachOf((who) => {
    const counts = new Float64Array(classes);
    for (const [i, label] of labels.entries())
      if (label >= 0 && decisions[who][i] === label) counts[label]!++;
    return counts;
  });
  const rows = Array.from(samples.keys())
    .filter((label) => samples[label]! > 0)
    .map((label) => ({
      ...{ label, class: classNames?.[label] ?? String(label), samples: samples[label]! },
      ...eachOf((who) => right[who][label]! / samples[label]!),
    }));
  return rows.length > MOST_CLASSES ? leastKnown(rows) : rows;
}

/** The classes of which the distilled student recognizes the smallest share. */
export function leastKnown(rows: readonly ClassRecall[]): ClassRecall[] {
  return [...rows].sort((a, b) => a.distilled - b.distilled || a.label - b.label).slice(0, LEAST_KNOWN);
}

function confusions(decisions: Opinions<Int32Array>, { labels }: Dataset): ConfusedPair[] {
  const found = new Map<string, ConfusedPair>();
  for (const who of WHO)
    for (const [i, label] of labels.entries()) {
      const predicted = decisions[who][i]!;
      if (label < 0 || predicted === label) continue;
      const key = `${label} ${predicted}`;
      const pair = found.get(key) ?? { label, predicted, ensemble: 0, hard: 0, distilled: 0 };
      pair[who]++;
      found.set(key, pair);
    }
  const most = ({ hard, distilled }: ConfusedPair) => Math.max(hard, distilled);
  return [...found.values()]
    .filter((pair) => most(pair) > 0)
    .sort((a, b) => most(b) - most(a) || a.label - b.label || a.predicted - b.predicted)
    .slice(0, MOST_PAIRS);
}

function wrong(
  probabilities: Opinions<Float32Array>,
  decisions: Opinions<Int32Array>,
  test: Dataset,
): Quality['wrong'] {
  const { labels, classes } = test;
  const isWrong = (who: keyof Opinions<unknown>, i: number) => decisions[who][i] !== labels[i];
  const certainty = (who: keyof Opinions<unknown>, i: number) =>
    probabilities[who][i * classes + decisions[who][i]!]!;
  const labeled = Array.from(labels.keys()).filter((i) => labels[i]! >= 0);
  const some = (
    who: keyof Opinions<unknown>,
    chosen: (teachers: boolean, student: boolean) => boolean,
  ): WrongSamples => {
    const found = labeled.filter((i) => chosen(isWrong('ensemble', i), isWrong('distilled', i)));
    const shown = [...found].sort((a, b) => certainty(who, b) - certainty(who, a) || a - b);
    return {
      count: found.length,
      samples: shown.slice(0, MOST_SHOWN).map((index) => ({
        ...{ index, label: labels[index]! },
        ...{ ensemble: decisions.ensemble[index]!, distilled: decisions.distilled[index]! },
        ...shownSample(test, index),
      })),
    };
  };
  return {
    both: some('distilled', (teachers, student) => teachers && student),
    teachersAlone: some('ensemble', (teachers, student) => teachers && !student),
    studentAlone: some('distilled', (teachers, student) => !teachers && student),
  };
}
