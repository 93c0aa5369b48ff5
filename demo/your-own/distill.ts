import {
  countParameters,
  type Dataset,
  type Engine,
  encodeModel,
  evaluate,
  type TrainedModel,
} from 'wasm-distill';
import type { AnyModel } from 'wasm-distill/data';
import { shorthandOf } from 'wasm-distill/graph';
import {
  type Artifacts,
  type JobListener,
  outputsOf,
  Runner,
  type Trained,
  type TrainJob,
} from 'wasm-distill/jobs';
import { Sets } from '../../cli/training/sets.ts';
import type { Row, Settings } from './messages.ts';
import { type Plan, planOf } from './plan.ts';
import type { Teacher } from './teacher.ts';

export interface Work {
  settings: Settings;
  train: Dataset;
  test: Dataset;
  teacher: Teacher | undefined;
  artifacts: Artifacts;
  /** Told which results this run is made of, before it begins. */
  needs(keys: readonly string[]): Promise<void>;
  listener: Listener;
  signal: AbortSignal;
}

/** What is told of a run while it lasts. */
export interface Listener {
  stage(title: string, jobs: number): void;
  progress(job: string, samples: number, totalSamples: number): void;
  row(row: Row): void;
  notice(message: string): void;
}

/** Who learned what, at the end. */
export interface Outcome {
  student: TrainedModel;
  errors: { teachers: number; hard: number; distilled: number };
}

/**
 * Teachers, unless one was given, and the student on labels; the teachers' soft targets; the distilled student. What a
 * run that was stopped has come to is taken up again.
 * @throws DistillError 'aborted' when stopped, and whatever training throws.
 */
export async function distilHere(engine: Engine, work: Work): Promise<Outcome> {
  const { settings, train, test, teacher, artifacts, listener, signal } = work;
  const sets = new Sets();
  const references = await sets.references({ train, test });
  const plan = planOf(settings, train, references, teacher);
  const runner = new Runner(engine, {
    ...{ artifacts, signal, listener: toldBy(listener, plan) },
    data: async (reference) => sets.data(reference),
    models: async () => teacher!.model,
  });
  await work.needs(await keysOf(runner, plan));

  const { teachers, hard, distilled } = plan;
  const trained = await learn(runner, listener, [...teachers, hard], `1 of 3: ${whoLearns(teachers.length)}`);
  for (const one of trained) listener.row(rowOf(plan, one));
  listener.stage(
    `2 of 3: ${settings.teachers > 1 && !teacher ? 'the teachers say' : 'the teacher says'} how sure of every answer`,
    2,
  );
  const models: AnyModel[] = teacher ? [teacher.model] : trained.slice(0, -1).map(({ model }) => model);
  const { errors } = await evaluate(engine, models, test, {
    signal,
    onProgress: ({ samples, totalSamples }) => listener.progress('test', samples, totalSamples),
  });
  listener.row(togetherRow(errors, trained.slice(0, -1), teacher));
  await runner.run(outputsOf(distilled));
  const [last] = await learn(runner, listener, [distilled], '3 of 3: the student learns from that');
  listener.row(rowOf(plan, last!));
  return {
    student: last!.model,
    errors: { teachers: errors, hard: trained.at(-1)!.testErrors, distilled: last!.testErrors },
  };
}

/** Trains what isn't trained yet. */
async function learn(
  runner: Runner,
  listener: Listener,
  jobs: readonly TrainJob[],
  title: string,
): Promise<Trained[]> {
  const missing = await runner.missing(jobs);
  const open = [];
  for (const job of jobs) if (missing.has(await runner.key(job))) open.push(job);
  if (open.length > 0) listener.stage(title, open.length);
  return runner.train(jobs);
}

async function keysOf(runner: Runner, { teachers, hard, distilled }: Plan): Promise<string[]> {
  return Promise.all([...teachers, hard, ...outputsOf(distilled), distilled].map((job) => runner.key(job)));
}

function whoLearns(teachers: number): string {
  const students = 'the student on labels learns';
  if (teachers === 0) return students;
  return `${teachers === 1 ? 'the teacher' : `${teachers} teachers`} and the student on labels learn`;
}

/** What a runner tells, as the page takes it. */
function toldBy(listener: Listener, plan: Plan): Partial<JobListener> {
  const totals = new Map<string, number>();
  const begun = ({ title }: { title: string }, total: number, done = 0) => {
    totals.set(title, total);
    listener.progress(title, done, total);
  };
  const came = ({ title }: { title: string }, samples: number) =>
    listener.progress(title, samples, totals.get(title)!);
  return {
    started: begun,
    progressed: came,
    asking: (job, total) => begun(job, total),
    asked: came,
    learned: (job, history) => {
      const { testErrors } = history.at(-1)!;
      listener.row({ ...cellsOf(plan, job), ...(testErrors !== undefined && { errors: testErrors }) });
    },
    warned: ({ title }, { sentence }) => listener.notice(`The ${title}: ${sentence}.`),
  };
}

function cellsOf({ hard, distilled }: Plan, job: TrainJob): Row {
  const role = job.title === hard.title ? 'hard' : job.title === distilled.title ? 'distilled' : 'ensemble';
  return {
    role,
    title: job.title,
    network: shorthandOf(job.architecture, { names: false }),
    parameters: countParameters(job.architecture),
  };
}

function rowOf(plan: Plan, { job, model, testErrors }: Trained): Row {
  return { ...cellsOf(plan, job), errors: testErrors, bytes: encodeModel(model).length };
}

/** The teachers as the student hears them. */
function togetherRow(errors: number, trained: readonly Trained[], teacher: Teacher | undefined): Row {
  if (teacher) {
    const { reference, network, parameters, bytes } = teacher;
    const counted = parameters === undefined ? {} : { parameters };
    return { role: 'ensemble', title: reference.name, network, errors, bytes, ...counted };
  }
  const sum = (of: (one: Trained) => number) => trained.reduce((total, one) => total + of(one), 0);
  return {
    ...{
      role: 'ensemble',
      title: trained.length === 1 ? trained[0]!.job.title : 'teachers together',
      errors,
    },
    network: trained.length === 1 ? shorthandOf(trained[0]!.job.architecture, { names: false }) : '',
    parameters: sum(({ model }) => countParameters(model.architecture)),
    bytes: sum(({ model }) => encodeModel(model).length),
  };
}
