import { type Dataset, type Engine, evaluate, predict, select, type TrainedModel } from 'wasm-distill';
import { outputsOf, type Trained } from 'wasm-distill/jobs';
import { type Context, environment } from '../context.ts';
import { files } from '../files/run-files.ts';
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
import type { DataPair } from './data.ts';
import { type PlanOptions, planOf } from './plan.ts';
import { openRun, referencesTo } from './run.ts';

export interface DistillOptions {
  folder: string;
  resume: boolean;
  data: DataPair;
  plan: PlanOptions;
  /** Every option, as the report records them. */
  config: Report['config'];
}

/** The main job: teachers, their soft targets, the student on hard labels and the distilled one, and their results. */
export async function distill(
  engine: Engine,
  context: Context,
  { folder, resume, data, plan, config }: DistillOptions,
): Promise<Report> {
  const started = performance.now();
  const { teachers, hard, distilled } = planOf(data.train, await referencesTo(data), plan);
  const named = [...teachers, hard, distilled];
  const runner = await openRun(engine, context, { folder, resume, data, jobs: named });
  const taught = await runner.train(teachers.map(({ job }) => job));
  const softened = await timed(() => runner.run([outputsOf(distilled.job)!]));
  const students = await runner.train([hard.job, distilled.job]);
  const evaluated = await timed(() =>
    compare(engine, context, data.test, modelsOf(taught), modelsOf(students), plan.temperature),
  );

  const whole = ensembleCost(modelsOf(taught));
  const report = (trained: Trained) => modelReport(trained, fileOf(trained), whole);
  const fileOf = ({ job }: Trained) => files.model(folder, named.find((one) => one.job === job)!.name);
  const teacherReports = await Promise.all(taught.map(report));
  const [hardReport, distilledReport] = await Promise.all(students.map(report));
  const { ensembleErrors, ...shown } = evaluated.value;
  return {
    config,
    environment: environment(engine),
    teachers: teacherReports,
    ensemble: {
      testErrors: ensembleErrors,
      parameters: teacherReports.reduce((sum, teacher) => sum + teacher.parameters, 0),
    },
    student: { hard: hardReport!, distilled: distilledReport! },
    seconds: {
      ...trainingSeconds(taught),
      'soft targets': softened.seconds,
      ...trainingSeconds(students),
      evaluation: evaluated.seconds,
      total: round((performance.now() - started) / 1000),
    },
    testSize: data.test.size,
    curves: [...taught, ...students].map(curve),
    ...shown,
  };
}

/** The ensemble and both students on the test images, and what the report shows of them. */
async function compare(
  engine: Engine,
  { progress, controller: { signal } }: Context,
  test: Dataset,
  teachers: TrainedModel[],
  students: TrainedModel[],
  temperature: number,
) {
  const bar = progress.start('evaluation', 3 * test.size);
  const control = (before: number) => ({
    signal,
    onProgress: ({ samples }: { samples: number }) => bar.update(before * test.size + samples),
  });
  const ensemble = await evaluate(engine, teachers, test, control(0));
  const hard = await evaluate(engine, students[0]!, test, control(1));
  const distilled = await evaluate(engine, students[1]!, test, control(2));
  const chosen = chooseExamples(ensemble, test);
  const softened = await predict(engine, teachers, select(test, chosen), {
    temperature,
    signal,
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

function modelsOf(trained: readonly Trained[]): TrainedModel[] {
  return trained.map(({ model }) => model);
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const started = performance.now();
  const value = await work();
  return { value, seconds: round((performance.now() - started) / 1000) };
}
