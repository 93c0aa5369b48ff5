import { type Architecture, parseShorthand } from 'wasm-distill';
import type { DataReference, Lesson, TrainJob } from 'wasm-distill/jobs';
import { type Model, type ModelLesson, seedsTo, type Training } from './model.ts';
import type { Samples } from './samples.ts';

/** What models learn from, as jobs refer to it. */
export interface Sources {
  /** Of one sample. */
  readonly shape: readonly number[];
  /** Some of the training samples, drawn by the model's seed where they are drawn. */
  data(samples: Samples, seed: number): Promise<DataReference>;
  /** What errors of a model that learns from these are counted on. */
  test(samples: Samples): Promise<DataReference>;
}

/** Makes jobs of models. */
export class Compiler {
  readonly #made = new Map<string, Promise<TrainJob>>();

  constructor(private readonly sources: Sources) {}

  /** A model's training from a seed. Of equal ones it is the same object: its key, for which a plan is made, is made once. */
  job(model: Model, seed: number): Promise<TrainJob> {
    const name = JSON.stringify([model, seed]);
    const made = this.#made.get(name) ?? this.#make(model, seed);
    this.#made.set(name, made);
    return made;
  }

  /** From each of several seeds. */
  jobs(model: Model, seeds: readonly number[]): Promise<TrainJob[]> {
    return Promise.all(seeds.map((seed) => this.job(model, seed)));
  }

  async #make(
    { title, network, training, from, upTo, samples = {}, unlabeled, lesson }: Model,
    seed: number,
  ): Promise<TrainJob> {
    return {
      kind: 'train',
      title: `${title}, seed ${seed}`,
      architecture: architectureOf(network, this.sources.shape),
      data: await this.sources.data(samples, seed),
      test: await this.sources.test(samples),
      lesson: lesson ? await this.#lesson(lesson, seed) : { kind: 'labels' },
      seed,
      ...partsOf(training),
      ...(unlabeled !== undefined && { unlabeled }),
      ...(upTo !== undefined && { upTo }),
      ...(from && { initial: await this.job(from, seed) }),
    };
  }

  async #lesson(lesson: ModelLesson, seed: number): Promise<Lesson> {
    if (lesson.kind === 'labels') return lesson;
    const { teacher, teachers: count, ...learning } = lesson;
    if (!teacher) return learning as Extract<Lesson, { kind: 'objectives' }>;
    const teachers = await this.jobs(teacher, count === undefined ? [seed] : seedsTo(count));
    return learning.kind === 'features'
      ? { ...learning, teachers: [teachers[0]!] }
      : { ...learning, teachers };
  }
}

/** A training in the library's parts. One that says nothing of its recipe has none, and gets the library's. */
export function partsOf({
  epochs,
  batch,
  augment,
  ...recipe
}: Training): Pick<TrainJob, 'epochs' | 'batch' | 'augment' | 'recipe'> {
  const own = Object.keys(recipe).length > 0;
  return {
    epochs,
    ...(own && { recipe }),
    ...(batch !== undefined && { batch }),
    ...(augment && { augment }),
  };
}

export function architectureOf(network: string, shape: readonly number[]): Architecture {
  return parseShorthand(network, { input: { shape } }).architecture;
}
