import { join } from 'node:path';
import {
  checkAligned,
  countParameters,
  type Dataset,
  DistillError,
  decodeCheckpoint,
  decodeModel,
  decodeSoftTargets,
  distillationLoss,
  type Engine,
  encodeModel,
  encodeSoftTargets,
  featureLoss,
  featuresOf,
  hiddenOf,
  logitRegression,
  logitsOf,
  type SelectionOptions,
  selectFeatures,
  sha256,
  shiftCount,
  softTargets,
  type TrainedModel,
  type TrainOptions,
  weightsSha256,
} from 'wasm-distill';
import type { Context } from '../cli/context.ts';
import { exists, files, prepareFolder, read, readIfThere, writeAtomic } from '../cli/files/run-files.ts';
import { counted } from '../cli/format/numbers.ts';
import type { Progress } from '../cli/terminal/progress.ts';
import { fingerprint } from '../cli/training/fingerprint.ts';
import { type Point, readHistory } from '../cli/training/history.ts';
import { architecture } from '../cli/training/plan.ts';
import { type Run, type Stage, trainStages } from '../cli/training/stages.ts';
import { samplesDone } from '../cli/training/train-stage.ts';
import {
  earlierOf,
  generation,
  type Job,
  type Model,
  neededBy,
  type Softening,
  softeningOf,
  teachersOf,
  titleOf,
} from './model.ts';
import { choose, type Task } from './samples.ts';

/** Raised when a change of this code changes what a configuration trains to: models kept from before aren't found then. */
const VERSION = 1;

/** How many samples features are selected by. */
const SELECTED_BY = 5000;

/** Takes note of how many samples of the training, or the soft targets, of a key are done. */
type OnSamples = (key: string, samples: number) => void;

export interface Trained {
  model: TrainedModel;
  weightsSha256: string;
  /** Epoch by epoch, with the errors on the test images. */
  history: Point[];
}

/**
 * Trained models in a folder, each under the hash of all that it follows from: its images, its configuration, its seed
 * and, by their own keys, its teachers. What one experiment has trained another one finds; what was interrupted goes on.
 */
export class Store {
  readonly #run: Run;
  /** Of the trainings under way. */
  readonly #soft = new Map<string, Float32Array>();
  readonly #chosen = new Map<string, Promise<{ data: Dataset; hash: string }>>();

  private constructor(
    readonly engine: Engine,
    readonly task: Task,
    context: Context,
    private readonly folder: string,
    private readonly testHash: string,
  ) {
    this.#run = {
      ...context,
      folder: join(folder, 'models'),
      resume: true,
      test: task.test,
      // A stage is called after its key.
      fingerprint: async ({ name }) => name,
    };
  }

  static async open(engine: Engine, task: Task, context: Context, folder: string): Promise<Store> {
    await prepareFolder(join(folder, 'models'));
    await prepareFolder(join(folder, 'soft-targets'));
    const { images, labels } = task.test;
    return new Store(engine, task, context, folder, await sha256([images, labels]));
  }

  get signal(): AbortSignal {
    return this.#run.controller.signal;
  }

  /** Trains what isn't there yet, teachers first, side by side where that is faster. */
  async train(jobs: readonly Job[]): Promise<void> {
    const missing = await this.#missing(jobs);
    if (missing.size === 0) return;
    const overall = await this.#overall(missing, await this.#missingSoftTargets(missing.values()));
    const last = Math.max(...[...missing.values()].map(generation));
    for (let i = 0; i <= last; i++) {
      const together = [...missing].filter(([, job]) => generation(job) === i);
      const stages: Stage[] = [];
      for (const [key, job] of together) stages.push(await this.#stage(key, job, overall.update));
      const onSamples = ({ name }: Stage, samples: number) => overall.update(name, samples);
      await trainStages(this.engine, { ...this.#run, onSamples }, stages);
    }
    this.#soft.clear();
    overall.done();
  }

  /** A model that train() has seen to. */
  async load(job: Job): Promise<Trained> {
    const key = await this.#key(job);
    const file = files.model(this.#run.folder, key);
    const { model, metadata } = decodeKept(await read(file), file, key);
    return {
      model,
      weightsSha256: await weightsSha256(model),
      history: readHistory(metadata.history, file),
    };
  }

  /** A model under the hash of what it follows from, made where it isn't there: for what isn't a job. */
  async keep(configuration: unknown, make: () => Promise<TrainedModel>): Promise<TrainedModel> {
    const key = await fingerprint({ version: VERSION, configuration });
    const file = files.model(this.#run.folder, key);
    const kept = await readIfThere(file);
    if (kept) return decodeKept(kept, file, key).model;
    const model = await make();
    await writeAtomic(file, encodeModel(model, { fingerprint: key }));
    return model;
  }

  /** The same store for another task. */
  of(task: Task): Promise<Store> {
    return Store.open(this.engine, task, this.#run, this.folder);
  }

  get progress(): Progress {
    return this.#run.progress;
  }

  /** The samples that a model learns from, and their hash. */
  samples({ samples = {} }: Pick<Model, 'samples'>): Promise<{ data: Dataset; hash: string }> {
    const name = JSON.stringify(samples);
    const known = this.#chosen.get(name);
    if (known) return known;
    const data = choose(this.task.train, samples);
    const made = sha256([data.images, data.labels]).then((hash) => ({ data, hash }));
    this.#chosen.set(name, made);
    return made;
  }

  async #key(job: Job): Promise<string> {
    const { hidden, recipe, unlabeled, lesson } = job.model;
    const earlier = earlierOf(job);
    const { teacher: _, teachers: __, ...learning } = lesson ?? {};
    return fingerprint({
      version: VERSION,
      data: (await this.samples(job.model)).hash,
      // Its errors on these are kept with a model.
      test: this.testHash,
      hidden,
      recipe,
      unlabeled,
      seed: job.seed,
      learning,
      teachers: await Promise.all(teachersOf(job).map((teacher) => this.#key(teacher))),
      from: earlier && (await this.#key(earlier)),
    });
  }

  /** The jobs whose models aren't there, with those that they need and that aren't, by key. */
  async #missing(jobs: readonly Job[], found = new Map<string, Job>()): Promise<Map<string, Job>> {
    for (const job of jobs) {
      const key = await this.#key(job);
      if (found.has(key) || (await exists(files.model(this.#run.folder, key)))) continue;
      await this.#missing(neededBy(job), found);
      found.set(key, job);
    }
    return found;
  }

  /** The soft targets that these jobs learn from and that aren't there, by key. */
  async #missingSoftTargets(jobs: Iterable<Job>): Promise<Map<string, Softening>> {
    const found = new Map<string, Softening>();
    for (const softening of [...jobs].map(softeningOf)) {
      if (!softening) continue;
      const key = await this.#softKey(softening);
      if (!(await exists(this.#softFile(key)))) found.set(key, softening);
    }
    return found;
  }

  async #stage(key: string, job: Job, onSamples: OnSamples): Promise<Stage> {
    const { hidden, recipe, unlabeled = 0 } = job.model;
    const earlier = earlierOf(job);
    const { data } = await this.samples(job.model);
    const options: TrainOptions = {
      architecture: architecture(hidden, data),
      data,
      seed: job.seed,
      ...recipe,
      ...(earlier && { initial: (await this.load(earlier)).model }),
      unlabeled,
      ...(await this.#targets(job, data, onSamples)),
    };
    return { name: key, title: titleOf(job), options };
  }

  async #targets(
    job: Job,
    data: Dataset,
    onSamples: OnSamples,
  ): Promise<Pick<TrainOptions, 'soft' | 'targets' | 'loss'>> {
    const { lesson } = job.model;
    if (!lesson) return {};
    const { loss } = lesson;
    if (loss === 'logits') {
      const teachers = await this.#models(teachersOf(job));
      const targets = await logitsOf(this.engine, teachers, data, { signal: this.signal });
      return { targets, loss: (batch) => logitRegression(batch.logits, batch.targets!) };
    }
    if ('weight' in loss) {
      const targets = await this.#features(job, data, loss);
      return { targets, loss: (batch) => featureLoss(batch, loss.weight) };
    }
    const soft = await this.#softTargets(softeningOf(job)!, data, onSamples);
    return { soft, loss: (batch) => distillationLoss(batch, loss) };
  }

  async #features(job: Job, data: Dataset, selection: SelectionOptions): Promise<Float32Array> {
    const [teacher] = await this.#models(teachersOf(job));
    const hidden = await hiddenOf(this.engine, teacher!, data, { signal: this.signal });
    const some = Math.min(data.size, SELECTED_BY);
    const activations = hidden.subarray(0, some * (hidden.length / data.size));
    return featuresOf(
      hidden,
      data.size,
      selectFeatures(activations, data.labels.subarray(0, some), selection),
    );
  }

  async #models(jobs: readonly Job[]): Promise<TrainedModel[]> {
    const loaded = await Promise.all(jobs.map((job) => this.load(job)));
    return loaded.map(({ model }) => model);
  }

  async #softTargets(softening: Softening, data: Dataset, onSamples: OnSamples): Promise<Float32Array> {
    const key = await this.#softKey(softening);
    const known = this.#soft.get(key) ?? (await this.#makeSoftTargets(key, softening, data, onSamples));
    this.#soft.set(key, known);
    return known;
  }

  /** Soft targets are kept under the hash of their teachers, samples, temperature and, where there is one, jitter. */
  async #softKey({ teachers, samples, temperature, jitter }: Softening): Promise<string> {
    return fingerprint({
      version: VERSION,
      data: (await this.samples({ samples })).hash,
      teachers: await Promise.all(teachers.map((teacher) => this.#key(teacher))),
      temperature,
      ...(jitter > 0 && { jitter }),
    });
  }

  #softFile(key: string): string {
    return files.model(join(this.folder, 'soft-targets'), key);
  }

  async #makeSoftTargets(
    key: string,
    softening: Softening,
    data: Dataset,
    onSamples: OnSamples,
  ): Promise<Float32Array> {
    const { teachers, temperature, jitter } = softening;
    const file = this.#softFile(key);
    const kept = await readIfThere(file);
    if (kept) {
      const soft = decodeSoftTargets(kept, file);
      await checkAligned(soft, data, { temperature, jitter });
      return soft.probabilities;
    }
    const shifts = shiftCount(jitter);
    const bar = this.#run.progress.start(`soft targets, T = ${temperature}`, data.size * shifts);
    const made = await softTargets(this.engine, await this.#models(teachers), data, {
      temperature,
      jitter,
      signal: this.signal,
      onProgress: ({ samples }) => {
        bar.update(samples);
        onSamples(key, samples);
      },
    });
    await writeAtomic(file, encodeSoftTargets(made));
    const samples = `${counted(data.size, 'sample')}${jitter > 0 ? ` in ${shifts} shifts` : ''}`;
    bar.done(`${samples} of ${teachers[0]!.model.title}`);
    return made.probabilities;
  }

  /** A bar over all trainings and the soft targets that they need, by the arithmetic that these take. */
  async #overall(missing: ReadonlyMap<string, Job>, missingSoft: ReadonlyMap<string, Softening>) {
    const left = new Map<string, { flops: number; samples: number; done: number }>();
    for (const [key, { model }] of missing) {
      const { data } = await this.samples(model);
      const samples = data.size * model.recipe.epochs;
      const done = await this.#samplesDone(key, { data, ...model.recipe });
      left.set(key, { flops: flopsBySample(model, data), samples, done });
    }
    for (const [key, softening] of missingSoft) {
      const { data } = await this.samples(softening);
      const samples = data.size * shiftCount(softening.jitter);
      left.set(key, { flops: softeningFlopsBySample(softening, data), samples, done: 0 });
    }
    const gigaflops = (count: 'samples' | 'done') =>
      [...left.values()].reduce((sum, work) => sum + work[count] * work.flops, 0) / 1e9;
    const finished = () =>
      [...left].filter(([key, { samples, done }]) => missing.has(key) && done === samples).length;
    const title = `all ${counted(missing.size, 'training')}`;
    const bar = this.#run.progress.start(title, gigaflops('samples'), gigaflops('done'), 'GFLOP');
    const update: OnSamples = (key, samples) => {
      const before = finished();
      left.get(key)!.done = samples;
      bar.update(gigaflops('done'));
      if (finished() > before && finished() < missing.size) bar.note(`${finished()} done`);
    };
    return { update, done: () => bar.done('done') };
  }

  /** What an interrupted training has behind it. */
  async #samplesDone(key: string, options: Pick<TrainOptions, 'data' | 'batch'>): Promise<number> {
    const file = files.checkpoint(this.#run.folder, key);
    const bytes = await readIfThere(file);
    return bytes ? samplesDone(decodeCheckpoint(bytes, key, file), options) : 0;
  }
}

function decodeKept(bytes: Uint8Array, file: string, key: string) {
  const { model, metadata } = decodeModel(bytes, file);
  if (metadata.fingerprint !== key)
    throw new DistillError('bad-file', `${file} holds another model than its name says: delete it`);
  return { model, metadata };
}

export type Shape = Pick<Dataset, 'height' | 'width' | 'classes'>;

/** Multiply-adds count as 2: the forward and backward passes of a model. */
export function flopsBySample(model: Model, data: Shape): number {
  return 6 * parameters(model, data);
}

/** The forward passes of the teachers, for a sample in one of its shifts. */
export function softeningFlopsBySample({ teachers }: Softening, data: Shape): number {
  return teachers.reduce((sum, { model }) => sum + 2 * parameters(model, data), 0);
}

function parameters({ hidden }: Model, data: Shape): number {
  return countParameters(architecture(hidden, data));
}
