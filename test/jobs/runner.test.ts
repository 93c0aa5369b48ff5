import { describe, expect, it } from 'vitest';
import {
  distill,
  evaluate,
  labels,
  mlp,
  softTargets,
  startFrom,
  type TrainedModel,
  train,
  weightsSha256,
} from 'wasm-distill';
import {
  type JobListener,
  memoryArtifacts,
  modelSha256,
  outputsOf,
  type Point,
  Runner,
  type TrainJob,
} from 'wasm-distill/jobs';
import { features, featuresOf, hiddenOf, logits, logitsOf, selectFeatures } from 'wasm-distill/objectives';
import { runnerOver, setting, writing } from './jobs.ts';

/** What train() is given where a job is run by hand. */
function optionsOf({ architecture, epochs, seed, batch }: TrainJob) {
  return { architecture, data: setting.train, epochs, seed, batch };
}

describe('a runner', () => {
  it('runs what is needed first, and tells of it', async () => {
    const { listener, told } = writing();
    const [trained] = await runnerOver(memoryArtifacts(), { listener }).train([setting.student]);
    expect(told).toEqual([
      'teacher started, 0 of 999',
      ...[1, 2, 3].map((epoch) => `teacher learned ${epoch}`),
      'teacher finished',
      'soft targets asking 333',
      'soft targets answered',
      'student started, 0 of 999',
      ...[1, 2, 3].map((epoch) => `student learned ${epoch}`),
      'student finished',
    ]);
    const { engine, train: data, test } = setting;
    const teacher = await train(engine, optionsOf(setting.teacher));
    const soft = await softTargets(engine, [teacher], data, { temperature: 4 });
    const byHand = await distill(engine, { ...optionsOf(setting.student), soft, temperature: 4 });
    expect(await weightsSha256(trained!.model)).toBe(await weightsSha256(byHand));
    expect(trained!.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(trained!.history.at(-1)!.testErrors).toBe((await evaluate(engine, byHand, test)).errors);
  });

  it('keeps which layer has gone silent, also where a run goes on later', async () => {
    const job: TrainJob = {
      ...setting.teacher,
      ...{ architecture: mlp([144, 24, 16, 10]), epochs: 10, batch: 25, seed: 5, recipe: { rate: 30 } },
    };
    const artifacts = memoryArtifacts();
    const [trained] = await runnerOver(artifacts).train([job]);
    expect(trained!.silent).toMatchObject({ layer: expect.stringMatching(/^layer\d$/), epoch: 1 });
    expect(trained!.silent!.share).toBeGreaterThan(0.8);
    expect((await runnerOver(artifacts).train([job]))[0]!.silent).toEqual(trained!.silent);
    const cut = memoryArtifacts();
    const controller = new AbortController();
    const listener = {
      learned: (_: TrainJob, history: readonly Point[]) => {
        if (history.at(-1)!.epoch === 4) controller.abort();
      },
    };
    const stopped = runnerOver(cut, { listener, signal: controller.signal }).train([job]);
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect((await runnerOver(cut).train([job]))[0]!.silent).toEqual(trained!.silent);
    expect((await runnerOver().train([setting.teacher]))[0]).not.toHaveProperty('silent');
  });

  it('tells how a network does on the test data after each epoch, and looks at none where there are validation data', async () => {
    const tested: (number[][] | undefined)[] = [];
    const listener: Partial<JobListener> = {
      learned: (_, history, model, found) => {
        expect(found?.errors).toBe(history.at(-1)!.testErrors);
        tested.push(found?.confusion);
        if (tested.length === 3) last = model;
      },
    };
    let last: TrainedModel | undefined;
    await runnerOver(memoryArtifacts(), { listener }).train([setting.teacher]);
    expect(tested).toHaveLength(3);
    expect(tested.at(-1)).toEqual((await evaluate(setting.engine, last!, setting.test)).confusion);
    const validated = { ...setting.teacher, validation: setting.tested };
    const seen: unknown[] = [];
    const onlyValidated: Partial<JobListener> = { learned: (...told) => void seen.push(told[3]) };
    await runnerOver(memoryArtifacts(), { listener: onlyValidated }).train([validated]);
    expect(seen).toEqual([undefined, undefined, undefined]);
  });

  it('tells of a training that collapses, and keeps that it has', async () => {
    const { listener, told } = writing();
    const artifacts = memoryArtifacts();
    const job: TrainJob = { ...setting.teacher, recipe: { rate: 1e-6 } };
    const [trained] = await runnerOver(artifacts, { listener }).train([job]);
    expect(told.filter((line) => line.includes('collapsed'))).toEqual(['teacher collapsed']);
    expect(trained!.collapsed).toBe(true);
    expect((await runnerOver(artifacts).train([job]))[0]!.collapsed).toBe(true);
    expect((await runnerOver(artifacts).train([setting.teacher]))[0]).not.toHaveProperty('collapsed');
  });

  it('teaches with a softmax at T, and by the plain sum, as train() does', async () => {
    const { engine, train: data } = setting;
    const teacher: TrainJob = { ...setting.teacher, lesson: { kind: 'labels', temperature: 4 } };
    const student: TrainJob = {
      ...setting.student,
      lesson: { kind: 'distillation', teachers: [teacher], temperature: 4, form: 'sum' },
    };
    const [trained] = await runnerOver().train([student]);
    const taught = await train(engine, { ...optionsOf(teacher), objective: labels({ temperature: 4 }) });
    const soft = await softTargets(engine, [taught], data, { temperature: 4 });
    const byHand = await distill(engine, { ...optionsOf(student), soft, temperature: 4, form: 'sum' });
    expect(await weightsSha256(trained!.model)).toBe(await weightsSha256(byHand));
  });

  it('finds what another has kept', async () => {
    const artifacts = memoryArtifacts();
    const [first] = await runnerOver(artifacts).train([setting.student]);
    const { listener, told } = writing();
    const runner = runnerOver(artifacts, { listener });
    const again = await runner.train([{ ...setting.student, title: 'by another name' }, setting.teacher]);
    expect(told).toEqual(['by another name found', 'teacher found']);
    expect(again[0]!.history).toEqual(first!.history);
    expect(await weightsSha256(again[0]!.model)).toBe(await weightsSha256(first!.model));
    expect((await runner.missing([setting.student])).size).toBe(0);
  });

  it('says what is missing, each once, what is needed first', async () => {
    const { student, teacher } = setting;
    const artifacts = memoryArtifacts();
    const runner = runnerOver(artifacts);
    const missing = () => runner.missing([student, { ...student, title: 'the same' }, teacher]);
    const outputs = outputsOf(student)[0]!;
    expect([...(await missing()).values()]).toEqual([teacher, outputs, student]);
    expect([...(await missing()).keys()][2]).toBe(await runner.key(student));
    await runner.run([outputs]);
    expect([...(await missing()).values()]).toEqual([student]);
  });

  it('trains equal jobs once', async () => {
    const { listener, told } = writing();
    const trained = await runnerOver(memoryArtifacts(), { listener }).train([
      setting.teacher,
      { ...setting.teacher, title: 'the same' },
    ]);
    expect(told.filter((line) => line.endsWith('finished'))).toEqual(['teacher finished']);
    expect(trained.map(({ job }) => job.title)).toEqual(['teacher', 'the same']);
  });

  it('goes on from the weights of another model', async () => {
    const { engine, teacher } = setting;
    const initial = { ...teacher, title: 'before', seed: 7 };
    const [trained] = await runnerOver().train([{ ...teacher, initial }]);
    const byHand = await train(engine, {
      ...optionsOf(teacher),
      initial: await train(engine, optionsOf(initial)),
    });
    expect(await weightsSha256(trained!.model)).toBe(await weightsSha256(byHand));
  });

  it('goes on from the layers of a model that fit, whoever trained it', async () => {
    const { engine, teacher } = setting;
    const before = await train(engine, { ...optionsOf(teacher), seed: 9 });
    const architecture = mlp([144, 21, 17, 10]);
    const initial = { kind: 'model', name: 'before', sha256: await modelSha256(before) } as const;
    const job: TrainJob = { ...teacher, architecture, initial };
    const runner = (model: TrainedModel) =>
      new Runner(engine, {
        artifacts: memoryArtifacts(),
        data: async () => setting.train,
        models: async () => model,
      });
    const [trained] = await runner(before).train([job]);
    const byHand = await train(engine, {
      ...optionsOf(job),
      initial: startFrom(before, architecture),
    });
    expect(await weightsSha256(trained!.model)).toBe(await weightsSha256(byHand));
    const another = await train(engine, { ...optionsOf(teacher), seed: 10 });
    await expect(runner(another).train([job])).rejects.toThrow(/before is another model than the job names/);
    await expect(runnerOver().train([job])).rejects.toThrow(/no models were given to the runner/);
  });

  it('learns from teachers that no job trains, beside those of jobs', async () => {
    const { engine, teacher, student } = setting;
    const given = await train(engine, { ...optionsOf(teacher), seed: 9 });
    const reference = { kind: 'model', name: 'given', sha256: await modelSha256(given) } as const;
    const lesson = { kind: 'distillation', teachers: [reference, teacher], temperature: 4 } as const;
    const runner = new Runner(engine, {
      artifacts: memoryArtifacts(),
      data: async () => setting.train,
      models: async () => given,
    });
    const [trained] = await runner.train([{ ...student, lesson }]);
    const models = [given, (await runner.trained(teacher)).model];
    const soft = await softTargets(engine, models, setting.train, { temperature: 4 });
    const byHand = await distill(engine, { ...optionsOf(student), soft, temperature: 4 });
    expect(await weightsSha256(trained!.model)).toBe(await weightsSha256(byHand));
    const keys = await Promise.all(
      [[reference, teacher], [teacher, reference], [teacher], [{ ...reference, sha256: 'ab' }, teacher]].map(
        (teachers) => runner.key(outputsOf({ ...student, lesson: { ...lesson, teachers } })[0]!),
      ),
    );
    expect(new Set(keys).size).toBe(4);
  });

  it('with validation data looks at the test data once, at the end', async () => {
    const { engine, data, train: all, test } = setting;
    const job: TrainJob = { ...setting.teacher, validation: data, keep: 'best', recipe: { rate: 2 } };
    const artifacts = memoryArtifacts();
    const [trained] = await runnerOver(artifacts).train([job]);
    const { history, model, kept, testErrors } = trained!;
    const errors = history.map(({ validationErrors }) => validationErrors!);
    expect(history.map((point) => point.testErrors)).toEqual([undefined, undefined, testErrors]);
    const best = errors.indexOf(Math.min(...errors)) + 1;
    expect(kept).toBe(best === 3 ? undefined : best);
    const byHand = await train(engine, {
      ...{ ...optionsOf(job), recipe: { rate: 2 }, validation: all, keep: 'best' },
    });
    expect(await weightsSha256(model)).toBe(await weightsSha256(byHand));
    expect(testErrors).toBe((await evaluate(engine, model, test)).errors);
    expect(errors[best - 1]).toBe((await evaluate(engine, model, all)).errors);
    const [again] = await runnerOver(artifacts).train([job]);
    expect(again).toMatchObject({ history, testErrors });
    expect(again!.kept).toBe(kept);
  });

  it('teaches by logits and by features as train() does', async () => {
    const { engine, student, teacher, train: data } = setting;
    const selection = { count: 13, correlation: 1 };
    const jobs: TrainJob[] = [
      { ...student, lesson: { kind: 'logits', teachers: [teacher] } },
      {
        ...student,
        lesson: { kind: 'features', teachers: [teacher], selection, selectedBy: 100, weight: 0.02 },
      },
    ];
    const trained = await runnerOver().train(jobs.map((job) => ({ ...job, recipe: { rate: 0.001 } })));
    const by = await train(engine, optionsOf(teacher));
    const hidden = await hiddenOf(engine, by, data);
    const selected = selectFeatures(hidden.subarray(0, 100 * 21), data.labels.subarray(0, 100), selection);
    const objectives = [
      logits({ logits: await logitsOf(engine, [by], data), classes: 10 }),
      features({
        features: featuresOf(hidden, { size: data.size, selected }),
        units: selected.length,
        weight: 0.02,
      }),
    ];
    for (const [i, objective] of objectives.entries()) {
      const options = { ...optionsOf(student), recipe: { rate: 0.001 }, objective };
      expect(await weightsSha256(trained[i]!.model)).toBe(await weightsSha256(await train(engine, options)));
    }
  });

  it('has no result of what was never run', async () => {
    const runner = runnerOver();
    await expect(runner.trained(setting.teacher)).rejects.toMatchObject({ code: 'missing' });
    await expect(runner.outputs(outputsOf(setting.student)[0]!)).rejects.toMatchObject({ code: 'missing' });
  });

  it('refuses a model that is kept under another one’s key', async () => {
    const artifacts = memoryArtifacts();
    const runner = runnerOver(artifacts);
    const other = { ...setting.teacher, seed: 2 };
    await runner.run([setting.teacher]);
    const model = (await artifacts.read(await runner.key(setting.teacher), 'model'))!;
    await artifacts.write(await runner.key(other), 'model', model);
    await expect(runner.train([other])).rejects.toMatchObject({ code: 'bad-file' });
  });
});

describe('an evaluation', () => {
  it('trains its models, and is what evaluate() says of them together', async () => {
    const { engine, student, teacher, test, tested } = setting;
    const { listener, told } = writing();
    const artifacts = memoryArtifacts();
    const runner = runnerOver(artifacts, { listener });
    const job = { kind: 'evaluate', title: 'both', models: [teacher, student], data: tested } as const;
    const result = await runner.evaluated(job);
    expect(told.filter((line) => line.endsWith('finished'))).toHaveLength(2);
    const models = await Promise.all(job.models.map(async (model) => (await runner.trained(model)).model));
    const { errors, size, confusion } = await evaluate(engine, models, test);
    expect(result).toEqual({ errors, size, confusion });
    expect(result.confusion.flat().reduce((sum, n) => sum + n, 0)).toBe(77);
    expect(await runnerOver(artifacts).evaluated(job)).toEqual(result);
    expect((await runnerOver(artifacts).missing([job])).size).toBe(0);
  });
});
