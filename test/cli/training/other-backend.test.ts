import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine, type Dataset, type Engine, mlp, take, weightsSha256 } from 'wasm-distill';
import { decodeSafetensors, encodeSafetensors } from 'wasm-distill/formats';
import type { Trained, TrainJob } from 'wasm-distill/jobs';
import type { Context } from '../../../cli/context.ts';
import { type NamedJob, openRun } from '../../../cli/training/run.ts';
import { Sets } from '../../../cli/training/sets.ts';
import { Warnings } from '../../../cli/training/warnings.ts';
import { cli } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { syntheticData } from '../../support/golden.ts';
import { GPU_TEST_MS, gpuEngine } from '../../support/webgpu.ts';

const clean = syntheticData(360, 3, 4);
/** A fifth of the labels are wrong, so that a network that learns makes errors, too. */
const train: Dataset = {
  ...clean,
  labels: clean.labels.map((label, i) => (label + Number(i % 5 === 0)) % 3),
};
const test = take(train, 200);
const sets = new Sets();

let temporary: string;
let wasm: Engine;
let gpu: Engine;
let teacher: NamedJob;
let student: NamedJob;
beforeAll(async () => {
  temporary = await temporaryFolder();
  wasm = await createEngine({ threads: 1 });
  gpu = namedAs('webgpu', 'a GPU');
  const job: TrainJob = {
    ...{
      kind: 'train',
      title: 'model',
      architecture: mlp([16, 8, 3]),
      ...(await sets.references({ train, test })),
    },
    ...{ lesson: { kind: 'labels' }, epochs: 8, seed: 1, batch: 50 },
  };
  teacher = { name: 'teacher-1', job };
  student = {
    name: 'student',
    job: {
      ...{ ...job, title: 'student', architecture: mlp([16, 4, 3]) },
      lesson: { kind: 'distillation', teachers: [job], temperature: 4 },
    },
  };
});
afterAll(() => wasm.close());

/** The engine of wasm under another identity: what it computes is known, and no GPU is needed. */
function namedAs(backend: 'webgpu' | 'wasm', kernels: string): Engine {
  return {
    threads: wasm.threads,
    report: () => wasm.report(),
    load: (plans) => wasm.load(plans),
    explain: (plans) => `${wasm.explain(plans)} by ${kernels}`,
    identity: async () => ({ ...(await wasm.identity()), backend, bits: 'this device', kernels }),
    divide: (teams) => wasm.divide(teams),
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

interface How {
  resume?: boolean;
  allowOtherBackend?: boolean;
  /** The run is stopped when this is told. */
  stopAt?: string;
}

/** A run of jobs into a folder, and what it says; nothing is trained of one that is stopped. */
async function run(engine: Engine, folder: string, jobs: readonly NamedJob[], how: How = {}) {
  const said: string[] = [];
  const controller = new AbortController();
  const { resume = false, allowOtherBackend = false, stopAt } = how;
  const told = (text: string) => {
    if (stopAt !== undefined && text.startsWith(stopAt)) controller.abort();
  };
  const progress: Context['progress'] = {
    start: (title) => ({ update: () => {}, note: (text) => told(`${title}: ${text}`), done: () => {} }),
    say: (line) => void said.push(line),
    close: () => {},
  };
  const runner = await openRun(
    engine,
    { progress, controller },
    {
      ...{ folder, resume, allowOtherBackend, sets, jobs, made: {}, warnings: new Warnings(progress) },
    },
  );
  const trained = await runner.train(jobs.map(({ job }) => job)).catch((error): Trained[] => {
    if (!controller.signal.aborted) throw error;
    return [];
  });
  return { trained, said };
}

/** A folder with a run that was stopped. */
async function begun(engine: Engine, jobs: readonly NamedJob[], stopAt: string): Promise<string> {
  const folder = await mkdtemp(join(temporary, 'run-'));
  expect((await run(engine, folder, jobs, { stopAt })).trained).toEqual([]);
  return folder;
}

async function metadataOf(...path: string[]) {
  const file = join(...path);
  return decodeSafetensors(await readFile(file), file).metadata;
}

/** A file as it was written before its metadata named backends. */
async function age(file: string): Promise<void> {
  const { tensors, metadata } = decodeSafetensors(await readFile(file), file);
  const { work: _, backends: __, ...older } = metadata;
  await writeFile(file, encodeSafetensors([...tensors.values()], older));
}

const checkpointOf = (folder: string, { name }: NamedJob) => join(folder, `${name}.checkpoint.safetensors`);
const allowed = { resume: true, allowOtherBackend: true };

describe('a training that wasm has begun', () => {
  it('is refused to a GPU, with the way to go on, and left as it is', async () => {
    const folder = await begun(wasm, [teacher], 'model: epoch 3/8');
    const file = checkpointOf(folder, teacher);
    const before = await readFile(file);
    await expect(run(gpu, folder, [teacher], { resume: true })).rejects.toMatchObject({
      code: 'mismatch',
      message: `${file} comes from wasm, and webgpu would go on to results that differ in their last bits: give the same --backend as before, or --allow-other-backend to go on nevertheless`,
    });
    expect(await readFile(file)).toEqual(before);
  });

  it('goes on there if that is allowed, and says so for good', async () => {
    const folder = await begun(wasm, [teacher], 'model: epoch 3/8');
    const file = checkpointOf(folder, teacher);
    const { said } = await run(gpu, folder, [teacher], { ...allowed, stopAt: 'model: epoch 5/8' });
    expect(said).toEqual([
      `${file} was begun on wasm: webgpu goes on with it, to results that differ in their last bits`,
    ]);
    expect((await metadataOf(file)).backends).toBe('wasm, webgpu');
    // From here on it is the GPU's.
    const { said: more, trained } = await run(gpu, folder, [teacher], { resume: true });
    expect(more).toEqual([]);
    expect(trained[0]!.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(trained[0]!.backends).toEqual(['wasm', 'webgpu']);
    const whole = await run(wasm, await mkdtemp(join(temporary, 'run-')), [teacher]);
    expect(await weightsSha256(trained[0]!.model)).toBe(await weightsSha256(whole.trained[0]!.model));
    expect(whole.trained[0]!.backends).toEqual(['wasm']);
    const { stdout } = await cli('info', join(folder, 'teacher-1.safetensors'));
    expect(stdout).toMatch(/^trainedOn +wasm, webgpu$/m);
  });

  it('goes on if it is from before backends were named, unless it needs others', async () => {
    const alone = await begun(wasm, [teacher], 'model: epoch 3/8');
    await age(checkpointOf(alone, teacher));
    const { trained } = await run(gpu, alone, [teacher], allowed);
    expect(trained[0]!.backends).toEqual(['wasm', 'webgpu']);

    const both = await begun(wasm, [teacher, student], 'student: epoch 3/8');
    await age(checkpointOf(both, student));
    await expect(run(gpu, both, [teacher, student], allowed)).rejects.toThrow(
      /student\.checkpoint\.safetensors belongs to a run with other options or data \(backend: "wasm" before/,
    );
  });

  it('stays another run with other options, other teachers or another version of the kernels', async () => {
    const folder = await begun(wasm, [teacher], 'model: epoch 3/8');
    const longer = { ...teacher, job: { ...teacher.job, epochs: 9 } };
    await expect(run(gpu, folder, [longer], allowed)).rejects.toThrow('(epochs: 8 before, 9 now; ');
    await expect(run(namedAs('wasm', 'newer'), folder, [teacher], allowed)).rejects.toThrow(
      'other options or data',
    );

    const both = await begun(wasm, [teacher, student], 'student: epoch 3/8');
    const { lesson } = student.job;
    const other = { ...teacher, job: { ...teacher.job, seed: 2 } };
    const taught = {
      ...student,
      job: { ...student.job, lesson: { ...lesson, teachers: [other.job] } as typeof lesson },
    };
    await expect(run(gpu, both, [other, taught], allowed)).rejects.toThrow('other options or data');
  });
});

describe('finished models of the other backend', () => {
  it('are taken as they are, and what learns from them on wasm says that they were made elsewhere', async () => {
    const folder = await begun(gpu, [teacher, student], 'student: epoch 3/8');
    const file = join(folder, 'teacher-1.safetensors');
    const before = await readFile(file);
    await expect(run(wasm, folder, [teacher, student], { resume: true })).rejects.toThrow(
      `${file} comes from webgpu, and wasm would`,
    );
    const { said, trained } = await run(wasm, folder, [teacher, student], allowed);
    expect(said.slice(0, 2)).toEqual([
      `${file} was made on webgpu: it is taken as it is`,
      `${checkpointOf(folder, student)} was begun on webgpu: wasm goes on with it, to results that differ in their last bits`,
    ]);
    expect(await readFile(file)).toEqual(before);
    expect(trained.map(({ backends }) => backends)).toEqual([['webgpu'], ['webgpu', 'wasm']]);
    // The student's own checkpoint is gone: what is left to tell is what it learned from.
    const anew = { ...student, job: { ...student.job, seed: 3 } };
    const again = await run(wasm, folder, [teacher, anew], allowed);
    expect(again.trained[1]!.backends).toEqual(['webgpu', 'wasm']);
    expect((await metadataOf(folder, 'student.safetensors')).backends).toBe('webgpu, wasm');
  });

  it('of another GPU are others, too', async () => {
    const folder = await begun(gpu, [teacher], 'model: epoch 3/8');
    const another = namedAs('webgpu', 'another GPU');
    await expect(run(another, folder, [teacher], { resume: true })).rejects.toThrow(
      'comes from webgpu with another GPU or plan, and webgpu would',
    );
    expect((await run(another, folder, [teacher], allowed)).trained[0]!.backends).toEqual(['webgpu']);
  });
});

it('--allow-other-backend without --resume is refused', async () => {
  for (const command of ['train', 'distill']) {
    const { code, stderr } = await cli(command, '--allow-other-backend', '--out', join(temporary, 'none'));
    expect(stderr).toContain('--allow-other-backend says how to resume: give --resume, too');
    expect(code).toBe(2);
  }
});

it(
  'a GPU goes on with what wasm has begun, to as few errors',
  async () => {
    await using device = await gpuEngine();
    const folder = await begun(wasm, [teacher], 'model: epoch 4/8');
    const whole = (await run(wasm, await mkdtemp(join(temporary, 'run-')), [teacher])).trained[0]!;
    const { trained } = await run(device, folder, [teacher], allowed);
    expect(trained[0]!.backends).toEqual(['wasm', 'webgpu']);
    expect(trained[0]!.history.slice(0, 4)).toMatchObject(
      whole.history.slice(0, 4).map(({ loss, testErrors }) => ({ loss, testErrors })),
    );
    expect(await weightsSha256(trained[0]!.model)).not.toBe(await weightsSha256(whole.model));
    // Of 200 samples: chance makes 133 errors.
    expect(whole.testErrors).toBeLessThan(100);
    expect(Math.abs(trained[0]!.testErrors - whole.testErrors)).toBeLessThanOrEqual(2);
  },
  GPU_TEST_MS,
);
