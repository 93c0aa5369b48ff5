import { type Architecture, parseShorthand } from 'wasm-distill';
import type { Lesson, TrainJob } from 'wasm-distill/jobs';
import { layerPairs } from './layers.ts';
import type { References } from './sets.ts';
import { type Settings, STUDENT_EPOCHS } from './settings.ts';

/** The trainings of a run. All go by the library's own recipe. */
export interface Jobs {
  teachers: TrainJob[];
  /** Both students start from the same weights and see the same images; only what they learn from differs. */
  hard: TrainJob;
  distilled: TrainJob;
}

/** How each teacher is trained, whatever the data are. */
export function teacherTrainings({
  teachers,
  teacher,
  teacherEpochs,
  teaching,
}: Settings): Pick<TrainJob, 'architecture' | 'epochs' | 'seed' | 'augment'>[] {
  return Array.from({ length: teaching === 'attention' ? 1 : teachers }, (_, i) => ({
    architecture: network(teacher),
    epochs: teacherEpochs,
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
  const { student } = settings;
  const hard: TrainJob = {
    ...{ kind: 'train', title: 'hard', data: seen, test, lesson: { kind: 'labels' } },
    ...{ architecture: network(student), epochs: STUDENT_EPOCHS, seed: 100 },
  };
  return { teachers, hard, distilled: { ...hard, title: 'distilled', lesson: lessonOf(settings, teachers) } };
}

function lessonOf(settings: Settings, teachers: readonly TrainJob[]): Lesson {
  const { temperature, alpha } = settings;
  if (settings.teaching !== 'attention') return { kind: 'distillation', teachers, temperature, alpha };
  return {
    ...{ kind: 'objectives', teachers },
    terms: [
      { weight: 1, objective: 'labels' },
      { weight: 1, objective: 'attention', options: { layers: layerPairs(settings) } },
    ],
  };
}

/** A network of MNIST's bytes. It says so itself: then a job's words tell all that its weights mean. */
function network(text: string): Architecture {
  const input = {
    shape: [28, 28, 1],
    values: 'bytes',
    normalization: { mean: [0], deviation: [255] },
  } as const;
  return parseShorthand(text, { input, classes: 10 }).architecture;
}
