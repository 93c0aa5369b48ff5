import type { Engine } from 'wasm-distill';
import { outputsOf, type Runner, type Trained } from 'wasm-distill/jobs';
import { type Context, environment } from '../context.ts';
import { preparationOf } from '../data/preparation.ts';
import type { Data } from '../data/reader.ts';
import { hashOf } from '../data/stream.ts';
import { costsOf, costsOfGiven, sumOf } from '../evaluation/costs.ts';
import { files } from '../files/run-files.ts';
import { round } from '../format/numbers.ts';
import { learnedBy } from '../options/objective.ts';
import { balanced } from '../report/balanced.ts';
import { curve, ensembleCost, givenReport, modelReport, seen, trainingSeconds } from '../report/build.ts';
import { insideOf } from '../report/inside/build.ts';
import { stagesBefore } from '../report/inside/drawings.ts';
import type { KnownTeacher, ModelReport, Report } from '../report/report.ts';
import { answering } from '../soft/teachers.ts';
import { compare, judgeTeachers } from './compare.ts';
import type { DataPair } from './data.ts';
import { type Plan, type PlannedTeacher, type PlanOptions, planOf } from './plan.ts';
import { type NamedJob, openRun } from './run.ts';
import { Sets } from './sets.ts';
import type { Settled } from './settle.ts';
import { sideBySide } from './side-by-side.ts';
import { sayStart } from './start.ts';
import { epochsOnLabels, type TransferSet } from './transfer.ts';
import { onCollapse, onKnown, onStudent } from './verdicts.ts';
import { Warnings } from './warnings.ts';

export interface DistillOptions {
  folder: string;
  resume: boolean;
  /** Whether what another backend has begun is gone on with. */
  allowOtherBackend: boolean;
  data: DataPair;
  transfer: TransferSet;
  plan: PlanOptions;
  settled: Settled;
  /** Teachers given as files, on the data. */
  known: readonly KnownTeacher[];
  /** Whether balanced accuracies are reported. */
  balanced: boolean;
  /** Every option, as the report records them. */
  config: Report['config'];
}

/** The main job: teachers, their soft targets, the student on hard labels and the distilled one, and their results. */
export async function distill(engine: Engine, context: Context, options: DistillOptions): Promise<Report> {
  const started = performance.now();
  const warnings = new Warnings(context.progress);
  const { data, transfer, plan: asked, settled, known } = options;
  for (const one of known) warnings.tell(onKnown(one));
  const { plan, runner } = await prepared(engine, context, options, warnings);
  // The student on labels goes first: teachers that know no more than it are told before anything is built on them.
  const own = plan.teachers.flatMap((one) => (one.given ? [] : [one.job]));
  const trained = await runner.train([...own, plan.hard.job]);
  const [taught, hard] = [trained.slice(0, -1), trained.at(-1)!];
  // Outputs made elsewhere are teachers like others, if they are there for the samples by which these are judged.
  const stored = answering(settled.soft, data).map(
    (given, i): PlannedTeacher => ({ title: `teacher ${plan.teachers.length + i + 1}`, given }),
  );
  const all = [...plan.teachers, ...stored];
  const teachers = all.map((one) => (one.given ? one.given.model : of(one.job, taught).model));
  const judged = await timed(() => judgeTeachers(engine, context, data, teachers, hard));
  warnings.tell(judged.value.warning);
  const softened = await timed(() => runner.run(outputsOf(plan.distilled.job)));
  const stages = [...(plan.first ? [plan.first.job] : []), plan.distilled.job];
  const learned: Trained[] = [];
  for (const stage of stages) learned.push(...(await runner.train([stage])));
  const distilled = learned.at(-1)!;
  const evaluated = await timed(() =>
    compare(engine, context, {
      ...{ test: data.test, teachers, hard: hard.model, distilled: distilled.model },
      ...{ title: plan.distilled.job.title },
      ...{ temperature: asked.temperature, ensemble: judged.value.ensemble },
      ...{ seed: asked.seed, columns: data.table?.inputs },
    }),
  );
  const looked = await timed(async () =>
    insideOf(engine, {
      ...{ job: plan.distilled.job, stages: await trainedBefore(runner, plan), teachers, test: data.test },
      ...{ hard: hard.model, distilled: distilled.model },
    }),
  );

  const whole = ensembleCost(
    all.map((one) => (one.given ? costsOfGiven(one.given) : costsOf(of(one.job, taught).model.architecture))),
  );
  const report = (one: Trained, { name }: NamedJob) =>
    modelReport(one, files.model(options.folder, name), whole);
  const teacherReports = await reportsOf(all, (one) =>
    one.given
      ? givenReport(engine, { ...one.given, title: one.title }, data.test, whole)
      : report(of(one.job, taught), one),
  );
  const student = { hard: await report(hard, plan.hard), distilled: await report(distilled, plan.distilled) };
  for (const one of [...teacherReports, student.hard, student.distilled]) warnings.tell(onCollapse(one));
  warnings.tell(onStudent(student.hard.testErrors, student.distilled.testErrors, learnedBy(asked)));
  const { ensembleErrors, teachers: confusions, quality, ...shown } = evaluated.value;
  const [onSoft, onLabels, together] = shown.confusion
    .map(({ matrix }) => balanced(options.balanced, matrix))
    .reverse();
  const parameters = sumOf(teacherReports.map((one) => one.parameters));
  const models = {
    teachers: teacherReports.map((one, i) => ({ ...one, ...balanced(options.balanced, confusions[i]) })),
    ...(ensembleErrors !== undefined && {
      ensemble: {
        testErrors: ensembleErrors,
        ...(parameters !== undefined && { parameters }),
        ...together,
      },
    }),
    student: { hard: { ...student.hard, ...onLabels }, distilled: { ...student.distilled, ...onSoft } },
  };
  const placed = await timed(() => sideBySide(context, models, data.test));
  return {
    config: options.config,
    environment: environment(engine),
    ...models,
    ...(known.length > 0 && { knownTeachers: [...known] }),
    comparison: { models: placed.value, ...quality },
    ...(looked.value && { inside: looked.value }),
    saw: whoSaw({ ...plan, teachers: all }, data.train, transfer, asked, settled),
    warnings: warnings.sentences,
    seconds: {
      ...trainingSeconds(taught),
      'soft targets': softened.seconds,
      ...trainingSeconds([hard, ...learned]),
      evaluation: round(judged.seconds + evaluated.seconds + looked.seconds + placed.seconds),
      total: round((performance.now() - started) / 1000),
    },
    testSize: data.test.size,
    ...(data.validation && { validationSize: data.validation.size }),
    curves: [...taught, hard, ...learned].map(curve),
    ...shown,
  };
}

/** The plan, and a runner that knows its data and models. */
async function prepared(
  engine: Engine,
  context: Context,
  { folder, resume, allowOtherBackend, data, transfer, plan: asked, settled }: DistillOptions,
  warnings: Warnings,
): Promise<{ plan: Plan; runner: Runner }> {
  const sets = new Sets((data) => hashOf(data, context));
  const plan = planOf(
    {
      data: data.some,
      references: await sets.references(data),
      transfer: await sets.reference('transfer set', transfer.distilled),
      labeled: await sets.reference('labeled samples of the transfer set', transfer.labeled),
      epochsOnLabels: epochsOnLabels(transfer, asked),
      settled,
    },
    asked,
  );
  const { from, student } = settled;
  if (from) sayStart(context.progress, from, student, data.some);
  const given = [
    ...plan.teachers.flatMap((one) => one.given ?? []),
    ...settled.soft,
    ...(from ? [from] : []),
  ];
  if (plan.taught) context.progress.say(`the student learns ${plan.taught.said}`);
  const jobs = [
    ...plan.teachers.flatMap((one) => (one.given ? [] : [one])),
    plan.hard,
    ...(plan.first ? [plan.first] : []),
    plan.distilled,
  ];
  return {
    plan,
    runner: await openRun(engine, context, {
      folder,
      resume,
      allowOtherBackend,
      sets,
      jobs,
      given,
      warnings,
      made: preparationOf(data),
    }),
  };
}

function whoSaw(
  { teachers, hard, first, distilled, taught }: Plan,
  train: Data,
  transfer: TransferSet,
  { unlabeled }: Pick<PlanOptions, 'unlabeled'>,
  { teacherEpochs }: Settled,
): Report['saw'] {
  const own = teachers.filter(({ given }) => !given).map(({ title }) => title);
  const name = own.length === teachers.length ? 'teachers' : own.join(', ');
  return [
    ...(own.length > 0 ? [seen(name, train, { epochs: teacherEpochs, soft: false })] : []),
    seen(hard.job.title, transfer.labeled, { epochs: hard.job.epochs, unlabeled, soft: false }),
    ...[...(first ? [first] : []), distilled].map(({ job: { title, epochs } }) => ({
      ...seen(title, transfer.distilled, { epochs, unlabeled, soft: true }),
      ...(taught && { by: taught.name }),
    })),
  ];
}

/** The stages that the distilled student's training starts from, the first first. */
async function trainedBefore(runner: Runner, { distilled }: Plan): Promise<Trained[]> {
  const stages: Trained[] = [];
  for (const job of stagesBefore(distilled.job)) stages.push(await runner.trained(job));
  return stages;
}

/** One after another: models that are there are evaluated for theirs. */
async function reportsOf(
  teachers: readonly PlannedTeacher[],
  report: (one: PlannedTeacher) => Promise<ModelReport>,
): Promise<ModelReport[]> {
  const made: ModelReport[] = [];
  for (const one of teachers) made.push(await report(one));
  return made;
}

function of(job: NamedJob['job'], trained: readonly Trained[]): Trained {
  return trained.find((one) => one.job === job)!;
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  const started = performance.now();
  const value = await work();
  return { value, seconds: round((performance.now() - started) / 1000) };
}
