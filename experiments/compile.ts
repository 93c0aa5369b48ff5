import { type Architecture, parseShorthand } from 'wasm-distill';
import type { DataReference, Lesson, TrainJob } from 'wasm-distill/jobs';
import { type Model, type ModelLesson, seedsTo, type Training } from './model.ts';
import type { Samples } from './samples.ts';

/** What models learn from, as jobs refer to it. */
export interface Sources {
  /** Of one sample. */
  readonly shape: readonly number[];
  /** What errors are counted on. */
  readonly test: DataReference;
  /** Some of the training samples. */
  data(samples: Samples): Promise<DataReference>;
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
    { title, network, training, from, samples = {}, unlabeled, lesson }: Model,
    seed: number,
  ): Promise<TrainJob> {
    const { shape, test } = this.sources;
    return {
      kind: 'train',
      title: `${title}, seed ${seed}`,
      architecture: architectureOf(network, shape),
      data: await this.sources.data(samples),
      test,
      lesson: lesson ? await this.#lesson(lesson, seed) : { kind: 'labels' },
      seed,
      ...partsOf(training),
      ...(unlabeled !== undefined && { unlabeled }),
      ...(from && { initial: await this.job(from, seed) }),
    };
  }

  async #lesson({ teacher, teachers: count, ...learning }: ModelLesson, seed: number): Promise<Lesson> {
    const teachers = await this.jobs(teacher, count === undefined ? [seed] : seedsTo(count));
    return learning.kind === 'features'
      ? { ...learning, teachers: [teachers[0]!] }
      : { ...learning, teachers };
  }
}

/** A training in the library's parts. */
export function partsOf({
  epochs,
  batch,
  augment,
  ...recipe
}: Training): Pick<TrainJob, 'epochs' | 'batch' | 'augment' | 'recipe'> {
  return { epochs, recipe, ...(batch !== undefined && { batch }), ...(augment && { augment }) };
}

export function architectureOf(network: string, shape: readonly number[]): Architecture {
  return parseShorthand(network, { input: { shape } }).architecture;
}
