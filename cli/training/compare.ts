import {
  type Dataset,
  type Engine,
  type Evaluation,
  evaluate,
  predict,
  select,
  type TrainedModel,
} from 'wasm-distill';
import { type AnyModel, score } from 'wasm-distill/data';
import { agreement } from 'wasm-distill/ensemble';
import type { Trained } from 'wasm-distill/jobs';
import type { Context } from '../context.ts';
import { counted } from '../format/numbers.ts';
import { agreementReport, chooseExamples, examples, mistakes } from '../report/build.ts';
import { qualityOf } from '../report/quality.ts';
import type { DataPair } from './data.ts';
import { importanceOf } from './importance.ts';
import { onTeachers } from './verdicts.ts';

/** What is known of the teachers before the distilled student is trained. */
export interface Judged {
  /** The ensemble on the test data, if these were looked at. */
  ensemble?: Evaluation;
  warning: string | undefined;
}

/**
 * Whether the teachers, if there are any that can be asked, know more than the student on labels has learned: by the validation data, or by the test data
 * where there are none.
 */
export async function judgeTeachers(
  engine: Engine,
  { controller: { signal } }: Context,
  { validation, test }: DataPair,
  teachers: readonly AnyModel[],
  hard: Trained,
): Promise<Judged> {
  if (teachers.length === 0) return { warning: undefined };
  const ensemble = await evaluate(engine, teachers, validation ?? test, { signal });
  const known = { teachers: teachers.length, ensemble: ensemble.errors };
  if (!validation) {
    const of = counted(test.size, 'test sample');
    return { ensemble, warning: onTeachers({ ...known, hard: hard.testErrors, of }) };
  }
  const { errors } = await evaluate(engine, hard.model, validation, { signal });
  return {
    warning: onTeachers({ ...known, hard: errors, of: counted(validation.size, 'validation sample') }),
  };
}

/** What is compared on the test data. */
export interface Compared {
  test: Dataset;
  teachers: readonly AnyModel[];
  hard: TrainedModel;
  distilled: TrainedModel;
  /** Of the distilled student. */
  title: string;
  temperature: number;
  /** The run's. */
  seed: number;
  /** Of a table: the columns of its inputs. */
  columns: readonly string[] | undefined;
  /** Where it has been evaluated before. */
  ensemble?: Evaluation | undefined;
}

/** The ensemble and both students on the test data, and what the report shows of them. */
export async function compare(
  engine: Engine,
  { progress, controller: { signal } }: Context,
  compared: Compared,
) {
  const { test, teachers, temperature } = compared;
  const several = teachers.length > 1;
  const taught = teachers.length > 0;
  const bar = progress.start('evaluation', (3 + (several ? teachers.length : 0)) * test.size);
  const control = (before: number) => ({
    signal,
    onProgress: ({ samples }: { samples: number }) => bar.update(before * test.size + samples),
  });
  const ensemble =
    compared.ensemble ?? (taught ? await evaluate(engine, teachers, test, control(0)) : undefined);
  const hard = await evaluate(engine, compared.hard, test, control(1));
  const distilled = await evaluate(engine, compared.distilled, test, control(2));
  const each: Float32Array[] = [];
  if (several)
    for (const teacher of teachers)
      each.push(await predict(engine, [teacher], test, control(3 + each.length)));
  const chosen = ensemble ? chooseExamples(ensemble, test) : [];
  const softened =
    ensemble && (await predict(engine, teachers, select(test, chosen), { temperature, signal }));
  const of = ensemble
    ? `${counted(ensemble.errors, 'error')} of the ensemble`
    : `${counted(distilled.errors, 'error')} of the student`;
  bar.done(`${counted(test.size, 'test sample')}, ${of}`);
  // Services and stored outputs have no answers for shuffled rows, or not for nothing.
  const own = taught && teachers.every((teacher) => 'architecture' in teacher);
  const judges = {
    ...(own && { ensemble: (data: Dataset) => predict(engine, teachers, data, { signal }) }),
    distilled: (data: Dataset) => predict(engine, compared.distilled, data, { signal }),
  };
  const importance = await importanceOf(judges, test, compared);
  return {
    ...(ensemble && { ensembleErrors: ensemble.errors }),
    teachers: several ? each.map((one) => score(one, test).confusion) : ensemble ? [ensemble.confusion] : [],
    confusion: [
      ...(ensemble ? [{ name: 'ensemble', matrix: ensemble.confusion }] : []),
      { name: 'student, hard labels', matrix: hard.confusion },
      { name: compared.title, matrix: distilled.confusion },
    ],
    ...(several && { agreement: agreementReport(agreement(each, test)) }),
    examples: ensemble ? examples(chosen, test, ensemble.probabilities, softened!) : [],
    misclassified: mistakes(distilled, test),
    quality: {
      ...(ensemble &&
        qualityOf(
          {
            ...{ ensemble: ensemble.probabilities, hard: hard.probabilities },
            distilled: distilled.probabilities,
          },
          test,
        )),
      ...(importance && { importance }),
    },
  };
}
