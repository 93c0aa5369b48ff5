import { join } from 'node:path';
import {
  type Dataset,
  DistillError,
  decodeModel,
  distillation,
  type Engine,
  encodeModel,
  evaluate,
  labels,
  type SoftTargets,
  softTargets,
  type TrainedModel,
  type TrainOptions,
  take,
  trainEpochs,
} from 'wasm-distill';
import { standardize } from 'wasm-distill/data';
import { readIfThere, writeAtomic } from '../cli/files/run-files.ts';
import { round } from '../cli/format/numbers.ts';
import type { Parts } from './data-sets.ts';
import type { Entry } from './journal.ts';
import { sizeOf, type Training } from './plan.ts';
import type { TeacherSpec } from './teachers.ts';

export interface Trained {
  model: TrainedModel;
  /** Whether the library told that it had. */
  collapsed: boolean;
}

/** Trains what is planned for one data set. */
export class Laboratory {
  readonly #soft = new Map<string, Promise<SoftTargets>>();

  constructor(
    private readonly parts: Parts,
    private readonly folder: string,
    private readonly signal: AbortSignal,
  ) {}

  /** A teacher, from its file if it was trained before. */
  async teacher(engine: Engine, training: Training, { augment }: TeacherSpec): Promise<Trained> {
    const file = `${training.name.replace(' ', '-')}-${training.key.slice(0, 12)}.safetensors`;
    const path = join(this.folder, file);
    const kept = await readIfThere(path);
    if (kept) return { model: decodeModel(kept, path).model, collapsed: false };
    const trained = await this.#train(engine, { ...this.#optionsOf(training), augment });
    await writeAtomic(path, encodeModel(trained.model));
    return trained;
  }

  /** A student; one whose numbers overflow has learned what a constant answer knows. */
  async student(engine: Engine, training: Training, teacher: TrainedModel): Promise<Entry> {
    const { loss } = training;
    const options = this.#optionsOf(training);
    const started = performance.now();
    try {
      const objective = loss
        ? distillation({
            ...loss,
            soft: await this.#softTargets(engine, teacher, options.data, loss.temperature),
          })
        : labels();
      const trained = await this.#train(engine, { ...options, objective });
      return await this.entry(engine, training, trained, started);
    } catch (error) {
      if (!(error instanceof DistillError) || error.code !== 'diverged') throw error;
      return this.entry(engine, training, { collapsed: true }, started);
    }
  }

  #optionsOf({ architecture, data, size, epochs, seed }: Training): TrainOptions & { data: Dataset } {
    const seen = take(this.parts.train, sizeOf(data, size));
    return { architecture: standardize(architecture, seen.inputs), data: seen, epochs, seed };
  }

  async #train(engine: Engine, options: TrainOptions): Promise<Trained> {
    let last: Trained | undefined;
    for await (const { model, collapsed = false } of trainEpochs(engine, options, { signal: this.signal }))
      last = { model, collapsed };
    return last!;
  }

  /** Made once for each number of samples and each temperature. */
  #softTargets(
    engine: Engine,
    teacher: TrainedModel,
    data: Dataset,
    temperature: number,
  ): Promise<SoftTargets> {
    const name = `${data.size} ${temperature}`;
    const made =
      this.#soft.get(name) ?? softTargets(engine, [teacher], data, { temperature, signal: this.signal });
    this.#soft.set(name, made);
    return made;
  }

  /** What the journal keeps of a training that began at this time. */
  async entry(
    engine: Engine,
    { key, name }: Training,
    { model, collapsed }: Pick<Trained, 'collapsed'> & Partial<Trained>,
    started: number,
  ): Promise<Entry> {
    const { test } = this.parts;
    const constant = constantErrors(test);
    const errors = model ? (await evaluate(engine, model, test)).errors : constant;
    const seconds = round((performance.now() - started) / 1000);
    return { key, name, errors, of: test.size, constant, collapsed, seconds };
  }
}

/** Errors of the most frequent class as the only answer. */
function constantErrors({ labels, classes, size }: Dataset): number {
  const counts = new Uint32Array(classes);
  for (const label of labels) counts[label]!++;
  return size - Math.max(...counts);
}
