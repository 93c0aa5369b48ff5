import { describe, expect, it } from 'vitest';
import { mlp, weightsSha256 } from 'wasm-distill';
import { type JobListener, memoryArtifacts, type Trained, type TrainJob } from 'wasm-distill/jobs';
import { runnerOver, setting, writing } from './jobs.ts';

/** All of a training but its times. */
async function lasting({ model, history }: Trained) {
  return {
    weights: await weightsSha256(model),
    history: history.map(({ epoch, loss, testErrors }) => ({ epoch, loss, testErrors })),
  };
}

/** Runs jobs until a listener stops them. */
async function stopped(
  artifacts: ReturnType<typeof memoryArtifacts>,
  jobs: readonly TrainJob[],
  listening: (stop: () => void) => Partial<JobListener>,
): Promise<void> {
  const controller = new AbortController();
  const runner = runnerOver(artifacts, {
    listener: listening(() => controller.abort()),
    signal: controller.signal,
  });
  await expect(runner.run(jobs)).rejects.toMatchObject({ code: 'aborted' });
}

describe('what was interrupted', () => {
  it('goes on in another runner, to the same bits and the same history', async () => {
    const job = { ...setting.student, epochs: 5 };
    const [whole] = await runnerOver().train([job]);
    const artifacts = memoryArtifacts();
    await stopped(artifacts, [job], (stop) => ({
      learned: ({ title }, history) => {
        if (title === 'student' && history.at(-1)!.epoch === 2) stop();
      },
    }));
    const { listener, told } = writing();
    const runner = runnerOver(artifacts, { listener });
    const [resumed] = await runner.train([job]);
    expect(told.filter((line) => line.startsWith('teacher'))).toEqual([]);
    const done = Number(/student started, (\d+) of 1665/.exec(told.join('\n'))![1]);
    expect(done >= 2 * 333 && done < 5 * 333).toBe(true);
    expect(await lasting(resumed!)).toEqual(await lasting(whole!));
    expect(await artifacts.read(await runner.key(job), 'checkpoint')).toBeUndefined();
  });

  it('goes on from the middle of an epoch, however often it is stopped', async () => {
    // So large that an epoch takes longer than it is until progress is told.
    const job = { ...setting.teacher, architecture: mlp([144, 800, 800, 10]), epochs: 2, batch: 1 };
    const [whole] = await runnerOver().train([job]);
    const artifacts = memoryArtifacts();
    for (let time = 0; time < 2; time++) await stopped(artifacts, [job], (stop) => ({ progressed: stop }));
    const { listener, told } = writing();
    const [resumed] = await runnerOver(artifacts, { listener }).train([job]);
    const done = Number(/started, (\d+) of 666/.exec(told[0]!)![1]);
    expect(done % 333).toBeGreaterThan(0);
    expect(await lasting(resumed!)).toEqual(await lasting(whole!));
  });

  it('counts the errors that a process ended before it could count', async () => {
    const [whole] = await runnerOver().train([setting.teacher]);
    const artifacts = memoryArtifacts();
    const dying = {
      ...artifacts,
      write: async (...args: Parameters<typeof artifacts.write>) => {
        await artifacts.write(...args);
        if (args[1] === 'checkpoint') throw new Error('the process is gone');
      },
    };
    for (let epoch = 1; epoch <= 3; epoch++)
      await expect(runnerOver(dying).run([setting.teacher])).rejects.toThrow('the process is gone');
    const [resumed] = await runnerOver(artifacts).train([setting.teacher]);
    expect(await lasting(resumed!)).toEqual(await lasting(whole!));
  });

  it('is nothing where it was stopped before it began', async () => {
    const { listener, told } = writing();
    const runner = runnerOver(memoryArtifacts(), { listener, signal: AbortSignal.abort() });
    await expect(runner.run([setting.teacher])).rejects.toMatchObject({ code: 'aborted' });
    expect(told.filter((line) => line.includes('learned'))).toEqual([]);
  });
});

describe('a job that fails', () => {
  const good = (): TrainJob => ({ ...setting.teacher, title: 'good', epochs: 300 });
  const bad = (): TrainJob => ({
    ...setting.teacher,
    title: 'bad',
    recipe: { rate: 1e30 },
    epochs: 300,
  });

  it('stops those beside it, which can be resumed, and its own error is told', async () => {
    const artifacts = memoryArtifacts();
    const runner = runnerOver(artifacts);
    await expect(runner.run([good(), bad()])).rejects.toMatchObject({
      code: 'diverged',
      message: expect.stringMatching(/^bad: the loss became/),
    });
    expect(await artifacts.read(await runner.key(good()), 'model')).toBeUndefined();
    expect(await artifacts.read(await runner.key(good()), 'checkpoint')).toBeDefined();
  });

  it('tells an error that isn’t the library’s, too', async () => {
    const listener: Partial<JobListener> = {
      learned: ({ title }) => {
        if (title === 'bad') throw new TypeError('a mistake of a listener');
      },
    };
    const runner = runnerOver(memoryArtifacts(), { listener });
    const jobs = [good(), { ...good(), title: 'bad', seed: 2 }];
    await expect(runner.run(jobs)).rejects.toThrow('a mistake of a listener');
  });

  it('keeps the best epoch of before, by validation', async () => {
    const job: TrainJob = {
      ...{ ...setting.teacher, epochs: 6, validation: setting.tested, keep: 'best' },
      recipe: { rate: 0.5, schedule: 'constant' },
    };
    const [whole] = await runnerOver().train([job]);
    const artifacts = memoryArtifacts();
    await stopped(artifacts, [job], (stop) => ({
      learned: (_, history) => void (history.length === 4 && stop()),
    }));
    const [resumed] = await runnerOver(artifacts).train([job]);
    const errors = ({ history }: Trained) => history.map((point) => point.validationErrors);
    expect(errors(whole!)).toHaveLength(6);
    expect(errors(resumed!)).toEqual(errors(whole!));
    expect(await lasting(resumed!)).toEqual(await lasting(whole!));
    expect([resumed!.kept, resumed!.testErrors]).toEqual([whole!.kept, whole!.testErrors]);
  });
});
