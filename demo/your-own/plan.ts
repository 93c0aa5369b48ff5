import type { Dataset } from 'wasm-distill';
import type { DataReference, TrainJob } from 'wasm-distill/jobs';
import { defaultNetworks } from '../../cli/options/default-networks.ts';
import { DEFAULTS } from '../../cli/options/defaults.ts';
import { teacherEpochs } from '../../cli/options/epochs.ts';
import { networkOf } from '../../cli/training/plan.ts';
import type { Settings } from './messages.ts';
import type { Teacher } from './teacher.ts';

/** The trainings of a run, as `wasm-distill distill` has them. */
export interface Plan {
  /** Those trained here; none where a teacher was given. */
  teachers: TrainJob[];
  /** The student that learns from the labels alone. */
  hard: TrainJob;
  /** The same student on the teachers' soft targets too. */
  distilled: TrainJob;
}

const { batch, alpha } = DEFAULTS;

/** What is proposed for data. Few samples make few steps: both sides then learn for more epochs. */
export function defaultsFor(data: Dataset): Settings {
  const networks = defaultNetworks(data);
  const epochs = (usual: number) => teacherEpochs(data.size, { batch, usual });
  return {
    ...{ teachers: 1, teacher: networks.teacher, teacherEpochs: epochs(DEFAULTS.teacherEpochs) },
    ...{ student: networks.student, epochs: epochs(DEFAULTS.epochs), temperature: DEFAULTS.temperature },
  };
}

/** @throws UsageError for networks that can't be built on the data. */
export function planOf(
  settings: Settings,
  data: Dataset,
  references: { data: DataReference; test: DataReference },
  given: Teacher | undefined,
): Plan {
  const { student, temperature, epochs } = settings;
  const teachers = given ? [] : trainedHere(settings, data, references);
  const hard: TrainJob = {
    ...{ kind: 'train', title: 'student on labels', ...references, lesson: { kind: 'labels' } },
    architecture: networkOf('the student', student, data),
    ...{ epochs, batch, seed: DEFAULTS.seed },
  };
  const lesson = {
    kind: 'distillation',
    teachers: given ? [given.reference] : teachers,
    ...{ temperature, alpha },
  } as const;
  return { teachers, hard, distilled: { ...hard, title: 'distilled student', lesson } };
}

function trainedHere(
  settings: Settings,
  data: Dataset,
  references: { data: DataReference; test: DataReference },
): TrainJob[] {
  const architecture = networkOf('the teacher', settings.teacher, data);
  return Array.from({ length: settings.teachers }, (_, i) => ({
    ...{ kind: 'train', title: `teacher ${i + 1}`, ...references, lesson: { kind: 'labels' } },
    ...{ architecture, epochs: settings.teacherEpochs, batch, seed: 100 + i },
    // Rows of numbers can't be shifted.
    ...(data.inputs.shape.length === 3 && { augment: [{ shift: DEFAULTS.jitter }] }),
  }));
}
