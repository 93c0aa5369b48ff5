import { count, counted } from '../format/numbers.ts';
import type { KnownTeacher, ModelReport } from '../report/report.ts';

/** Sentences about results that nobody wants, each with a remedy; undefined where all is well. */

/** Of a constant answer's errors, a teacher that makes at least these knows hardly anything. */
const NEAR_CHANCE = 0.9;

/** Whether errors are hardly fewer than a constant answer's: by share, or within two deviations of those. */
export function nearChance({
  samples,
  errors,
  constantErrors,
}: Pick<KnownTeacher, 'samples' | 'errors' | 'constantErrors'>): boolean {
  const deviation = Math.sqrt((constantErrors * (samples - constantErrors)) / samples);
  return errors > 0 && (errors >= NEAR_CHANCE * constantErrors || errors > constantErrors - 2 * deviation);
}

/** Told of a teacher given as a file, before anything trains. */
export function onKnown(known: KnownTeacher): string | undefined {
  if (!nearChance(known)) return undefined;
  const { file, part, samples, errors, constantErrors } = known;
  return `the teacher ${file} makes ${counted(errors, 'error')} on ${counted(samples, `${part} sample`)}, hardly fewer than always answering the most frequent class (${count(constantErrors)}): it was trained on other data or other classes, or they are in another order; give another teacher`;
}

/** Told before the distilled student is trained: most that ended worse than labels alone had such teachers. */
export function onTeachers({
  teachers,
  ensemble,
  hard,
  of,
}: {
  teachers: number;
  ensemble: number;
  hard: number;
  /** How many samples, and which: "10,000 test samples". */
  of: string;
}): string | undefined {
  if (ensemble < hard) return undefined;
  const who = teachers === 1 ? 'the teacher makes' : `the ${count(teachers)} teachers together make`;
  return `${who} ${counted(ensemble, 'error')} on ${of}, no fewer than the student on labels (${count(hard)}), which has little to learn from ${teachers === 1 ? 'it' : 'them'}: train teachers for more epochs (--teacher-epochs), larger ones (--teacher) or on more samples`;
}

/** Told at the end. What helps is what the student learns has: a teacher, a temperature, weights of its own. */
export function onStudent(
  hard: number,
  distilled: number,
  learned: { taught: boolean; temperature: boolean; weighed: boolean },
): string | undefined {
  if (distilled <= hard) return undefined;
  const chance =
    distilled - hard <= 2 * Math.sqrt(distilled + hard) ? ', which may be chance (--seeds 3 repeats it)' : '';
  const remedies = [
    ...(learned.taught ? ['better teachers'] : []),
    'more epochs (--epochs)',
    ...(learned.weighed ? ['other weights (--weight)'] : []),
    ...(learned.temperature ? ['another temperature (--temperature 2 to 8)'] : []),
  ];
  return `the distilled student makes ${counted(distilled, 'error')}, more than the ${count(hard)} of the student on labels${chance}: ${remedies.slice(0, -1).join(', ')} or ${remedies.at(-1)} help most`;
}

export function onCollapse({ name, collapsed }: Pick<ModelReport, 'name' | 'collapsed'>): string | undefined {
  if (!collapsed) return undefined;
  return `${name} has collapsed, it has learned hardly more than how frequent the classes are: train it for more epochs, at another learning rate, or as another network`;
}
