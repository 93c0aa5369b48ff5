import {
  type Dataset,
  type Engine,
  encodeSoftTargets,
  evaluate,
  predict,
  type SoftTargets,
  select,
  softTargets,
  type TrainedModel,
} from 'wasm-distill';
import { environment } from '../context.ts';
import { files, writeAtomic } from '../files/run-files.ts';
import { counted, round } from '../format/numbers.ts';
import {
  chooseExamples,
  curve,
  ensembleCost,
  examples,
  mistakes,
  modelReport,
  trainingSeconds,
} from '../report/build.ts';
import type { Report } from '../report/report.ts';
import { distilledStage, hardStage, type PlanOptions, teacherStages } from './plan.ts';
import { prepareStages, type Run, type Trained, trainStages } from './stages.ts';

/** The main job: teachers, their soft targets, the student on hard labels and the distilled one, and what they can do. */
export async function distill(
  engine: Engine,
  run: Run,
  train: Dataset,
  options: PlanOptions,
  config: Report['config'],
): Promise<Report> {
  const started = performance.now();
  const teacherPlan = teacherStages(train, options);
  const hardPlan = hardStage(train, options);
  const known = [...teacherPlan, hardPlan];
  await prepareStages(run, known, [...known.map(({ name }) => name), 'student']);

  const teachers = await trainStages(engine, run, teacherPlan);
  const soft = await timed(() => soften(engine, run, train, models(teachers), options.temperature));
  const students = await trainStages(engine, run, [hardPlan, distilledStage(train, soft.value, options)]);
  const evaluated = await timed(() =>
    compare(engine, run, models(teachers), models(students), options.temperature),
  );

  const whole = ensembleCost(models(teachers));
  const report = (trained: Trained) => modelReport(trained, run.folder, whole);
  const teacherReports = await Promise.all(teachers.map(report));
  const [hard, distilled] = await Promise.all(students.map(report));
  const { ensembleErrors, ...shown } = evaluated.value;
  const parameters = teacherReports.reduce((sum, teacher) => sum + teacher.parameters, 0);
  return {
    config,
    environment: environment(engine),
    teachers: teacherReports,
    ensemble: { testErrors: ensembleErrors, parameters },
    student: { hard: hard!, distilled: distilled! },
    seconds: {
      ...trainingSeconds(teachers),
      'soft targets': soft.seconds,
      ...trainingSeconds(students),
      evaluation: evaluated.seconds,
      total: round((performance.now() - started) / 1000),
    },
    testSize: run.test.size,
    curves: [...teachers, ...students].map(curve),
    ...shown,
  };
}

/** Computed anew by a resumed run: it takes little time, and the same teachers give the same bits. */
async function soften(
  engine: Engine,
  run: Run,
  data: Dataset,
  teachers: TrainedModel[],
  temperature: number,
): Promise<SoftTargets> {
  const bar = run.progress.start('soft targets', data.size);
  const soft = await softTargets(engine, teachers, data, {
    temperature,
    signal: run.controller.signal,
    onProgress: ({ samples }) => bar.update(samples),
  });
  await writeAtomic(files.softTargets(run.folder), encodeSoftTargets(soft));
  bar.done(`${counted(data.size, 'sample')} at T = ${temperature}`);
  return soft;
}

/** The ensemble and both students on the test images, and what the report shows of them. */
async function compare(
  engine: Engine,
  run: Run,
  teachers: TrainedModel[],
  students: TrainedModel[],
  temperature: number,
) {
  const { test } = run;
  const bar = run.progress.start('evaluation', 3 * test.size);
  const control = (before: number) => ({
    signal: run.controller.signal,
    onProgress: ({ samples }: { samples: number }) => bar.update(before * test.size + samples),
  });
  const ensemble = await evaluate(engine, teachers, test, control(0));
  const hard = await evaluate(engine, students[0]!, test, control(1));
  const distilled = await evaluate(engine, students[1]!, test, control(2));
  const chosen = chooseExamples(ensemble, test);
  const softened = await predict(engine, teachers, select(test, chosen), {
    temperature,
    signal: run.controller.signal,
  });
  bar.done(`${counted(test.size, 'test image')}, ${counted(ensemble.errors, 'error')} of the ensemble`);
  return {
    ensembleErrors: ensemble.errors,
    confusion: [
      { name: 'ensemble', matrix: ensemble.confusion },
      { name: 'student, hard labels', matrix: hard.confusion },
      { name: 'student, distilled', matrix: distilled.confusion },
    ],
    examples: examples(chosen, test, ensemble.probabilities, softened),
    misclassified: mistakes(distilled, test),
  };
}

function models(trained: readonly Trained[]): TrainedModel[] {
  return trained.map(({ model }) => model);
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const started = performance.now();
  const value = await work();
  return { value, seconds: round((performance.now() - started) / 1000) };
}
