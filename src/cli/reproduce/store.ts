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
  softTargets,
  type TrainedModel,
  type TrainOptions,
  weightsSha256,
} from 'wasm-distill';
import type { Context } from '../context.js';
import { fingerprint } from '../fingerprint.js';
import { type Point, readHistory } from '../history.js';
import { counted } from '../numbers.js';
import { architecture } from '../plan.js';
import type { Progress } from '../progress.js';
import { exists, files, prepareFolder, read, readIfThere, writeAtomic } from '../run-files.js';
import { type Run, type Stage, trainStages } from '../stages.js';
import { samplesDone } from '../train-stage.js';
import { generation, type Job, type Model, teachersOf, titleOf } from './model.js';
import { choose, type Task } from './samples.js';

/** Raised when a change of this code changes what a configuration trains to: models kept from before aren't found then. */
const VERSION = 1;

/** How many samples features are selected by. */
const SELECTED_BY = 5000;

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
    const overall = await this.#overall(missing);
    const last = Math.max(...[...missing.values()].map(generation));
    for (let i = 0; i <= last; i++) {
      const together = [...missing].filter(([, job]) => generation(job) === i);
      const stages: Stage[] = [];
      for (const [key, job] of together) stages.push(await this.#stage(key, job));
      await trainStages(this.engine, { ...this.#run, onSamples: overall.update }, stages);
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
  samples({ samples = {} }: Model): Promise<{ data: Dataset; hash: string }> {
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
    });
  }

  /** The jobs whose models aren't there, with those of their teachers that aren't, by key. */
  async #missing(jobs: readonly Job[], found = new Map<string, Job>()): Promise<Map<string, Job>> {
    for (const job of jobs) {
      const key = await this.#key(job);
      if (found.has(key) || (await exists(files.model(this.#run.folder, key)))) continue;
      await this.#missing(teachersOf(job), found);
      found.set(key, job);
    }
    return found;
  }

  async #stage(key: string, job: Job): Promise<Stage> {
    const { data } = await this.samples(job.model);
    const options: TrainOptions = {
      architecture: architecture(job.model.hidden, data),
      data,
      seed: job.seed,
      ...job.model.recipe,
      unlabeled: job.model.unlabeled ?? 0,
      ...(await this.#targets(job, data)),
    };
    return { name: key, title: titleOf(job), options };
  }

  async #targets(
    job: Job,
    data: Dataset,
  ): Promise<Pick<TrainOptions, 'soft' | 'targets' | 'relabel' | 'loss'>> {
    const { lesson } = job.model;
    if (!lesson) return {};
    const { loss, relabel } = lesson;
    if (loss === 'logits') {
      const targets = await logitsOf(this.engine, await this.#teachers(job), data, { signal: this.signal });
      return { targets, loss: (batch) => logitRegression(batch.logits, batch.targets!) };
    }
    if ('weight' in loss) {
      const targets = await this.#features(job, data, loss);
      return { targets, loss: (batch) => featureLoss(batch, loss.weight) };
    }
    const { temperature } = loss;
    const source = relabel
      ? { relabel: { teachers: await this.#teachers(job), temperature } }
      : { soft: await this.#softTargets(job, data, temperature) };
    return { ...source, loss: (batch) => distillationLoss(batch, loss) };
  }

  async #features(job: Job, data: Dataset, selection: SelectionOptions): Promise<Float32Array> {
    const [teacher] = await this.#teachers(job);
    const hidden = await hiddenOf(this.engine, teacher!, data, { signal: this.signal });
    const some = Math.min(data.size, SELECTED_BY);
    const activations = hidden.subarray(0, some * (hidden.length / data.size));
    return featuresOf(
      hidden,
      data.size,
      selectFeatures(activations, data.labels.subarray(0, some), selection),
    );
  }

  async #teachers(job: Job): Promise<TrainedModel[]> {
    const loaded = await Promise.all(teachersOf(job).map((teacher) => this.load(teacher)));
    return loaded.map(({ model }) => model);
  }

  /** Made once for these teachers, samples and temperature, and kept under the hash of these. */
  async #softTargets(job: Job, data: Dataset, temperature: number): Promise<Float32Array> {
    const { hash } = await this.samples(job.model);
    const teachers = await Promise.all(teachersOf(job).map((teacher) => this.#key(teacher)));
    const key = await fingerprint({ version: VERSION, data: hash, teachers, temperature });
    const known = this.#soft.get(key) ?? (await this.#makeSoftTargets(key, job, data, temperature));
    this.#soft.set(key, known);
    return known;
  }

  async #makeSoftTargets(key: string, job: Job, data: Dataset, temperature: number): Promise<Float32Array> {
    const file = files.model(join(this.folder, 'soft-targets'), key);
    const kept = await readIfThere(file);
    if (kept) {
      const soft = decodeSoftTargets(kept, file);
      await checkAligned(soft, data, temperature);
      return soft.probabilities;
    }
    const bar = this.#run.progress.start(`soft targets, T = ${temperature}`, data.size);
    const made = await softTargets(this.engine, await this.#teachers(job), data, {
      temperature,
      signal: this.signal,
      onProgress: ({ samples }) => bar.update(samples),
    });
    await writeAtomic(file, encodeSoftTargets(made));
    bar.done(`${counted(data.size, 'sample')} of ${job.model.lesson!.teacher.title}`);
    return made.probabilities;
  }

  /** A bar over all trainings, by the arithmetic that they take. */
  async #overall(missing: ReadonlyMap<string, Job>) {
    const left = new Map<string, { flops: number; samples: number; done: number }>();
    for (const [key, { model, seed }] of missing) {
      const { data } = await this.samples(model);
      const samples = data.size * model.recipe.epochs;
      const done = await this.#samplesDone(key, { data, ...model.recipe });
      left.set(key, { flops: flopsBySample({ model, seed }, data), samples, done });
    }
    const gigaflops = (count: 'samples' | 'done') =>
      [...left.values()].reduce((sum, training) => sum + training[count] * training.flops, 0) / 1e9;
    const finished = () => [...left.values()].filter(({ samples, done }) => done === samples).length;
    const title = `all ${counted(missing.size, 'training')}`;
    const bar = this.#run.progress.start(title, gigaflops('samples'), gigaflops('done'), 'GFLOP');
    return {
      update: ({ name }: Stage, samples: number) => {
        const before = finished();
        left.get(name)!.done = samples;
        bar.update(gigaflops('done'));
        if (finished() > before && finished() < left.size) bar.note(`${finished()} done`);
      },
      done: () => bar.done('done'),
    };
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

/** Multiply-adds count as 2: forward and backward passes of the model, and forward passes of teachers that relabel. */
export function flopsBySample(job: Job, data: Pick<Dataset, 'height' | 'width' | 'classes'>): number {
  const parameters = ({ hidden }: Model) => countParameters(architecture(hidden, data));
  const teachers = job.model.lesson?.relabel ? teachersOf(job) : [];
  return 6 * parameters(job.model) + teachers.reduce((sum, { model }) => sum + 2 * parameters(model), 0);
}
