import type { Lesson, TrainJob } from 'wasm-distill/jobs';
import { hintPair, layerPairs } from './layers.ts';
import { networkOf } from './network.ts';
import type { References } from './sets.ts';
import { HINT_EPOCHS, type Settings, STUDENT_EPOCHS, teacherCount } from './settings.ts';

/** The trainings of a run. All go by the library's own recipe. */
export interface Jobs {
  teachers: TrainJob[];
  /** Both students start from the same weights and see the same images; only what they learn from differs. */
  hard: TrainJob;
  distilled: TrainJob;
  /** Of two stages the first, from which the distilled student goes on. */
  hints?: TrainJob;
}

/** How each teacher is trained, whatever the data are. */
export function teacherTrainings(
  settings: Settings,
): Pick<TrainJob, 'architecture' | 'epochs' | 'seed' | 'augment'>[] {
  return Array.from({ length: teacherCount(settings) }, (_, i) => ({
    architecture: networkOf(settings.teacher),
    epochs: settings.teacherEpochs,
    seed: i + 1,
    augment: [{ shift: 1 }],
  }));
}

export function jobsOf(settings: Settings, { train, test, seen }: References): Jobs {
  const teachers = teacherTrainings(settings).map(
    (training, i): TrainJob => ({
      ...{ kind: 'train', title: `teacher ${i + 1}`, data: train, test, lesson: { kind: 'labels' } },
      ...training,
    }),
  );
  const hard: TrainJob = {
    ...{ kind: 'train', title: 'hard', data: seen, test, lesson: { kind: 'labels' } },
    ...{ architecture: networkOf(settings.student), epochs: STUDENT_EPOCHS, seed: 100 },
  };
  return { teachers, hard, ...distilledOf(settings, { ...hard, title: 'distilled' }, teachers) };
}

/** How many epochs the network of a job learns in all its stages. */
export function epochsInAll({ title, epochs }: TrainJob): number {
  return title.startsWith('teacher') ? epochs : STUDENT_EPOCHS;
}

/** How many of them come before the job. */
export function epochsBefore({ initial }: TrainJob): number {
  return initial?.kind === 'train' ? initial.epochs : 0;
}

function distilledOf(
  settings: Settings,
  student: TrainJob,
  teachers: readonly TrainJob[],
): Pick<Jobs, 'hints' | 'distilled'> {
  const { temperature, alpha } = settings;
  switch (settings.teaching) {
    case 'kd':
      return { distilled: { ...student, lesson: { kind: 'distillation', teachers, temperature, alpha } } };
    case 'attention':
      return { distilled: { ...student, lesson: attentionOf(settings, teachers) } };
    case 'fitnets':
      return inTwoStages(settings, student, teachers);
  }
}

function attentionOf(settings: Settings, teachers: readonly TrainJob[]): Lesson {
  return {
    ...{ kind: 'objectives', teachers },
    terms: [
      { weight: 1, objective: 'labels' },
      { weight: 1, objective: 'attention', options: { layers: layerPairs(settings) } },
    ],
  };
}

/** Hints up to the guided layer, then labels and soft targets, which count ever less (FitNets, ICLR 2015, section 2.3). */
function inTwoStages(
  settings: Settings,
  student: TrainJob,
  teachers: readonly TrainJob[],
): Pick<Jobs, 'hints' | 'distilled'> {
  const { student: guided, teacher: hint } = hintPair(settings);
  const { temperature } = settings;
  const hints: TrainJob = {
    ...{ ...student, title: 'hints', epochs: HINT_EPOCHS, upTo: guided },
    lesson: {
      ...{ kind: 'objectives', teachers },
      terms: [{ weight: 1, objective: 'fitnets', options: { guided, hint } }],
    },
  };
  const lesson: Lesson = {
    ...{ kind: 'objectives', teachers, kept: true },
    terms: [
      { weight: 1, objective: 'labels' },
      { weight: { from: 4, to: 0 }, objective: 'kd', options: { temperature, alpha: 0 } },
    ],
  };
  return { hints, distilled: { ...student, epochs: STUDENT_EPOCHS - HINT_EPOCHS, initial: hints, lesson } };
}
