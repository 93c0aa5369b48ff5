import type { Engine } from '../backends/backend.js';
import { checkEngine, checkNames } from '../checks.js';
import type { Dataset } from '../data/dataset.js';
import { checkData, inputsLike, isStream, type SampleStream } from '../data/stream.js';
import { demand } from '../errors.js';
import { type Evaluation, evaluate } from '../evaluate/evaluate.js';
import { type AnyModel, isExternal } from '../evaluate/external.js';
import { forData } from '../nn/architecture.js';
import type { TrainedModel } from '../nn/model-file.js';
import type { TrainOptions } from '../train/options.js';
import { startFrom } from '../train/start-from.js';
import type { Artifacts } from './artifacts.js';
import { type Ingredients, ingredientsOf, keyOf, modelSha256, workOf } from './key.js';
import { objectiveOf } from './lesson.js';
import { decodeOutputs, encodeOutputs, makeOutputs, type Outputs, passesOf } from './outputs.js';
import { planSha256, untrained } from './plan.js';
import { sideBySide } from './side-by-side.js';
import {
  type DataReference,
  type EvaluateJob,
  type JobSpec,
  type ModelReference,
  neededBy,
  type OutputsJob,
  outputsOf,
  type Teacher,
  type TrainJob,
  teachersInStep,
} from './spec.js';
import { loadTrained, named, runTrainJob, type Trained, type TrainListener } from './train-job.js';

/** Callbacks that report on running jobs. */
export interface JobListener extends TrainListener {
  /** Called for a model that was trained before. */
  found(trained: Trained): void;
  asking(job: OutputsJob, total: number): void;
  asked(job: OutputsJob, samples: number): void;
  answered(job: OutputsJob): void;
}

export interface RunnerOptions {
  artifacts: Artifacts;
  /** Resolves a reference to its data set, or a stream: of all but what trainings count errors on. */
  data: (reference: DataReference) => Promise<Dataset | SampleStream>;
  /** Resolves a reference to its model, where jobs name some. */
  models?: (reference: ModelReference) => Promise<AnyModel>;
  listener?: Partial<JobListener>;
  signal?: AbortSignal | undefined;
}

/** Errors and confusions, as an evaluate job stores them. */
export type EvaluationResult = Omit<Evaluation, 'probabilities'>;

const SILENT: JobListener = {
  started: () => {},
  progressed: () => {},
  learned: () => {},
  finished: () => {},
  warned: () => {},
  found: () => {},
  asking: () => {},
  asked: () => {},
  answered: () => {},
};

/**
 * Runs jobs on one engine: a result stored under a job's key isn't computed again, interrupted jobs resume, and the
 * jobs that a job needs run first, side by side if that is faster.
 */
export class Runner {
  readonly #ingredients = new Map<JobSpec, Promise<Ingredients>>();
  readonly #plans = new Map<TrainJob, Promise<string>>();
  readonly #listener: JobListener;

  constructor(
    readonly engine: Engine,
    private readonly options: RunnerOptions,
  ) {
    checkEngine(engine);
    checkNames(options, 'a runner', ['artifacts', 'data', 'models', 'listener', 'signal']);
    checkNames(options.listener ?? {}, 'a listener', Object.keys(SILENT));
    this.#listener = { ...SILENT, ...options.listener };
  }

  /** What a job's key is made of. */
  ingredients(spec: JobSpec): Promise<Ingredients> {
    const known = this.#ingredients.get(spec) ?? this.#mix(spec);
    this.#ingredients.set(spec, known);
    // Data that couldn't be read may be there next time.
    known.catch(() => this.#ingredients.delete(spec));
    return known;
  }

  /** The name under which a job's result is stored. */
  async key(spec: JobSpec): Promise<string> {
    return keyOf(await this.ingredients(spec));
  }

  /** SHA-256 of a job and of what it needs, whatever computes it: the same on all backends, where keys differ. */
  work(spec: JobSpec): Promise<string> {
    return workOf(spec);
  }

  /** The jobs whose results aren't stored, including jobs they need, by key; the needed ones come first. */
  async missing(
    specs: readonly JobSpec[],
    found = new Map<string, JobSpec>(),
  ): Promise<Map<string, JobSpec>> {
    for (const spec of specs) {
      const key = await this.key(spec);
      if (found.has(key) || (await this.options.artifacts.read(key, PARTS[spec.kind]))) continue;
      await this.missing(neededBy(spec), found);
      found.set(key, spec);
    }
    return found;
  }

  /**
   * Makes sure that all these jobs' results are stored. The first failure stops the others, which can then be resumed.
   */
  async run(specs: readonly JobSpec[]): Promise<void> {
    const missing = await this.missing(specs);
    const generations = new Map<number, [string, JobSpec][]>();
    for (const [key, spec] of missing) {
      const generation = generationOf(spec);
      generations.set(generation, [...(generations.get(generation) ?? []), [key, spec]]);
    }
    for (const generation of [...generations.keys()].sort((a, b) => a - b))
      await this.#together(generations.get(generation)!);
  }

  /** Finished trainings, in order: found, or trained now. */
  async train(jobs: readonly TrainJob[]): Promise<Trained[]> {
    const missing = await this.missing(jobs);
    await this.run(jobs);
    const all: Trained[] = [];
    for (const job of jobs) {
      const trained = await this.trained(job);
      if (!missing.has(await this.key(job))) this.#listener.found(trained);
      all.push(trained);
    }
    return all;
  }

  /** A finished training that run() has provided. @throws DistillError 'missing' */
  async trained(job: TrainJob): Promise<Trained> {
    const trained = await loadTrained(this.options.artifacts, job, await this.key(job));
    demand(trained !== undefined, () => `${job.title} hasn't been trained`, 'missing');
    return trained;
  }

  /** The teachers' outputs for a transfer set, as run() has provided them. @throws DistillError 'missing' */
  async outputs(job: OutputsJob): Promise<Outputs> {
    const key = await this.key(job);
    const bytes = await this.options.artifacts.read(key, 'outputs');
    demand(bytes !== undefined, () => `${job.title}: there are none kept`, 'missing');
    return decodeOutputs(bytes, job.what, job.title);
  }

  /** Errors and confusions of models together, counted once. */
  async evaluated(job: EvaluateJob): Promise<EvaluationResult> {
    await this.run([job]);
    const bytes = await this.options.artifacts.read(await this.key(job), 'result');
    return JSON.parse(new TextDecoder().decode(bytes)) as EvaluationResult;
  }

  #mix(spec: JobSpec): Promise<Ingredients> {
    return this.engine.identity().then((identity) => ingredientsOf(spec, identity, (job) => this.#plan(job)));
  }

  #plan(job: TrainJob): Promise<string> {
    const known = this.#plans.get(job) ?? this.#compiled(job);
    this.#plans.set(job, known);
    return known;
  }

  async #compiled(job: TrainJob): Promise<string> {
    const data = await this.#data(job.data);
    try {
      const networks = await Promise.all(teachersInStep(job).map((teacher) => this.#standIn(teacher)));
      return await planSha256(this.engine, job, data, networks);
    } catch (error) {
      throw named(job, error);
    }
  }

  /** A teacher in the step as far as a plan needs it: it needn't be trained yet. */
  async #standIn(teacher: Teacher): Promise<TrainedModel> {
    if (teacher.kind === 'model') return this.#network(teacher, IN_STEP);
    return untrained(forData(teacher.architecture, inputsLike(await this.#data(teacher.data))));
  }

  /** Runs jobs that don't need each other: trainings side by side, teachers' outputs one after another. */
  async #together(jobs: readonly [string, JobSpec][]): Promise<void> {
    for (const [key, spec] of jobs) {
      if (spec.kind === 'outputs') await this.#ask(key, spec);
      if (spec.kind === 'evaluate') await this.#evaluate(key, spec);
    }
    const own = new AbortController();
    const stop = () => own.abort(this.options.signal?.reason);
    if (this.options.signal?.aborted) stop();
    this.options.signal?.addEventListener('abort', stop, { once: true });
    const train = (key: string, job: TrainJob) => async (team: Engine) => {
      try {
        await this.#train(team, key, job, own.signal);
      } catch (error) {
        // Those beside it stop. Their own errors say nothing new, and come later: sideBySide() throws the first.
        own.abort(error);
        throw error;
      }
    };
    try {
      await sideBySide(
        this.engine,
        jobs.flatMap(([key, spec]) => (spec.kind === 'train' ? [train(key, spec)] : [])),
      );
    } finally {
      this.options.signal?.removeEventListener('abort', stop);
    }
  }

  async #train(engine: Engine, key: string, job: TrainJob, signal: AbortSignal): Promise<void> {
    await runTrainJob(engine, {
      job,
      key,
      ingredients: await this.ingredients(job),
      work: await workOf(job),
      taughtOn: await this.#taughtOn(job),
      options: await this.#options(job),
      test: await this.#resident(job.test),
      artifacts: this.options.artifacts,
      listener: this.#listener,
      signal,
    });
  }

  /** The backends on which what a job needs was trained: its key doesn't tell where some of that was taken over. */
  async #taughtOn(job: JobSpec): Promise<string[]> {
    const all: string[] = [];
    for (const needed of neededBy(job)) {
      const { backends = [] } = needed.kind === 'train' ? await this.trained(needed) : {};
      all.push(...backends, ...(needed.kind === 'outputs' ? await this.#taughtOn(needed) : []));
    }
    return all;
  }

  async #options(job: TrainJob): Promise<TrainOptions> {
    const data = await this.#data(job.data);
    const outputs = await Promise.all(outputsOf(job).map((one) => this.outputs(one)));
    const networks = await Promise.all(teachersInStep(job).map((one) => this.#network(one, IN_STEP)));
    const { epochs, seed, batch, window, recipe, augment, unlabeled, initial, keep, upTo, frozen } = job;
    const architecture = forData(job.architecture, inputsLike(data));
    const { classNames } = data;
    return {
      architecture,
      objective: objectiveOf(job.lesson, { outputs, networks }),
      initial: initial && startFrom(await this.#network(initial, AS_START), architecture, { classNames }),
      validation: job.validation && (await this.#resident(job.validation)),
      ...{ data, epochs, seed, batch, window, recipe, augment, unlabeled, keep, upTo, frozen },
    };
  }

  /** A network of this library: `otherwise` says why no other model will do. */
  async #network(reference: Teacher, otherwise: (name: string) => string): Promise<TrainedModel> {
    if (reference.kind === 'train') return (await this.trained(reference)).model;
    const model = await this.#model(reference);
    demand(!isExternal(model), () => otherwise(reference.name), 'mismatch');
    return model;
  }

  async #model(reference: Teacher): Promise<AnyModel> {
    if (reference.kind === 'train') return (await this.trained(reference)).model;
    const { models } = this.options;
    demand(models !== undefined, () => `no models were given to the runner, but ${reference.name} is needed`);
    const model = await models(reference);
    demand(
      (isExternal(model) ? model.sha256 : await modelSha256(model)) === reference.sha256,
      () => `${reference.name} is another model than the job names: its hash differs`,
      'mismatch',
    );
    return model;
  }

  async #data(reference: DataReference): Promise<Dataset | SampleStream> {
    const data = await this.options.data(reference);
    checkData(data);
    return data;
  }

  /** What errors are counted on after each epoch. */
  async #resident(reference: DataReference): Promise<Dataset> {
    const data = await this.#data(reference);
    demand(
      !isStream(data),
      () =>
        `${reference.name}: what a training counts its errors on can't be a stream, as it is gone over after each epoch: give a data set`,
    );
    return data;
  }

  async #ask(key: string, job: OutputsJob): Promise<void> {
    const data = await this.#data(job.data);
    const models = await Promise.all(job.teachers.map((teacher) => this.#model(teacher)));
    this.#listener.asking(job, data.size * passesOf(job.what));
    const outputs = await makeOutputs(this.engine, job.what, models, data, {
      signal: this.options.signal,
      onProgress: ({ samples }) => this.#listener.asked(job, samples),
    });
    await this.options.artifacts.write(key, 'outputs', encodeOutputs(outputs));
    this.#listener.answered(job);
  }

  async #evaluate(key: string, job: EvaluateJob): Promise<void> {
    const models = await Promise.all(job.models.map((model) => this.trained(model)));
    const { errors, size, confusion } = await evaluate(
      this.engine,
      models.map(({ model }) => model),
      await this.#data(job.data),
      { signal: this.options.signal },
    );
    const result: EvaluationResult = { errors, size, confusion };
    await this.options.artifacts.write(key, 'result', new TextEncoder().encode(JSON.stringify(result)));
  }
}

const AS_START = (name: string) =>
  `a training can't start from ${name}, which isn't a network of this library`;
const IN_STEP = (name: string) =>
  `${name} can't run in a training step, as it isn't a network of this library: let it be asked before, by kept: true of the lesson`;

const PARTS = { train: 'model', outputs: 'outputs', evaluate: 'result' } as const;

/** The length of the longest chain of jobs that must come before this one. */
function generationOf(spec: JobSpec): number {
  return neededBy(spec).reduce((most, needed) => Math.max(most, 1 + generationOf(needed)), 0);
}
