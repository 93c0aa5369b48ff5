import { join } from 'node:path';
import {
  type Dataset,
  DistillError,
  decodeModel,
  type Engine,
  encodeModel,
  type TrainedModel,
} from 'wasm-distill';
import {
  type Artifacts,
  type EvaluateJob,
  type EvaluationResult,
  type JobListener,
  jsonSha256,
  Runner,
  type Trained,
  type TrainJob,
} from 'wasm-distill/jobs';
import type { Context } from '../cli/context.ts';
import { FOLDERS, keyedArtifacts } from '../cli/files/artifacts.ts';
import { prepareFolder } from '../cli/files/run-files.ts';
import type { Progress } from '../cli/terminal/progress.ts';
import { jobProgress } from '../cli/training/progress.ts';
import { Compiler } from './compile.ts';
import type { Model } from './model.ts';
import { Overall, withOverall } from './overall.ts';
import type { Task } from './samples.ts';
import { TaskData } from './task-data.ts';

/**
 * Where experiments are made: models of a task are trained and evaluated as jobs, whose results lie in a folder under the
 * hashes of all that they follow from. What one experiment has trained another one finds; what was interrupted goes on.
 */
export class Laboratory {
  readonly #runner: Runner;
  readonly #compiler: Compiler;
  readonly #artifacts: Artifacts;
  readonly #listener: JobListener;
  #overall: Overall | undefined;

  private constructor(
    readonly engine: Engine,
    readonly task: Task,
    private readonly data: TaskData,
    private readonly context: Context,
    private readonly folder: string,
  ) {
    this.#artifacts = keyedArtifacts(folder);
    this.#listener = withOverall(jobProgress(context.progress), () => this.#overall);
    this.#compiler = new Compiler(data);
    this.#runner = new Runner(engine, {
      artifacts: this.#artifacts,
      data: async (reference) => data.samplesOf(reference),
      listener: this.#listener,
      signal: this.signal,
    });
  }

  static async open(engine: Engine, task: Task, context: Context, folder: string): Promise<Laboratory> {
    for (const name of new Set(Object.values(FOLDERS))) await prepareFolder(join(folder, name));
    return new Laboratory(engine, task, new TaskData(task), context, folder);
  }

  get signal(): AbortSignal {
    return this.context.controller.signal;
  }

  get progress(): Progress {
    return this.context.progress;
  }

  /** What a job's data are. */
  samplesOf(data: TrainJob['data']): Dataset {
    return this.data.samplesOf(data);
  }

  /** A model's trainings from each of several seeds. */
  jobs(model: Model, seeds: readonly number[]): Promise<TrainJob[]> {
    return this.#compiler.jobs(model, seeds);
  }

  /** Trains what isn't there yet, teachers first, side by side where that is faster. */
  async train(jobs: readonly TrainJob[]): Promise<void> {
    const missing = await this.#runner.missing(jobs);
    for (const job of new Set(jobs))
      if (!missing.has(await this.#runner.key(job))) this.#listener.found(await this.trained(job));
    if (missing.size === 0) return;
    const { progress, data } = this;
    this.#overall = await Overall.over(missing, { progress, data, artifacts: this.#artifacts });
    try {
      // These very jobs are what the listener is then told of.
      await this.#runner.run([...missing.values()]);
      this.#overall.done();
    } finally {
      this.#overall = undefined;
    }
  }

  /** A model that train() has seen to. */
  trained(job: TrainJob): Promise<Trained> {
    return this.#runner.trained(job);
  }

  /** What models that train() has seen to get wrong, together. */
  evaluated(models: readonly TrainJob[], data: EvaluateJob['data']): Promise<EvaluationResult> {
    const title = models.map((model) => model.title).join(', ');
    return this.#runner.evaluated({ kind: 'evaluate', title, models, data });
  }

  /**
   * A model under the hash of what it follows from, made where it isn't there: for what isn't a job. The configuration is
   * plain JSON, and says all but what the engine computes with.
   */
  async keep(
    configuration: Readonly<Record<string, unknown>>,
    make: () => Promise<TrainedModel>,
  ): Promise<TrainedModel> {
    const key = await jsonSha256({ configuration, surroundings: await this.engine.identity() });
    const kept = await this.#artifacts.read(key, 'model');
    if (kept) return decodeKept(kept, key);
    const model = await make();
    await this.#artifacts.write(key, 'model', encodeModel(model, { fingerprint: key }));
    return model;
  }

  /** The same laboratory for another task. */
  of(task: Task): Promise<Laboratory> {
    return Laboratory.open(this.engine, task, this.context, this.folder);
  }
}

function decodeKept(bytes: Uint8Array, key: string): TrainedModel {
  const { model, metadata } = decodeModel(bytes, key);
  if (metadata.fingerprint !== key)
    throw new DistillError('bad-file', `another model is kept under the key ${key}: delete it`);
  return model;
}
