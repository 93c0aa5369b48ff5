import type { Dataset } from 'wasm-distill';
import { type DataReference, dataSha256 } from 'wasm-distill/jobs';
import type { Sources } from './compile.ts';
import { choose, nameOf, type Samples, type Task, testOf } from './samples.ts';

/** A task's samples as jobs refer to them, and what they refer to. */
export class TaskData implements Sources {
  /** By hash. */
  readonly #sets = new Map<string, Dataset>();
  readonly #chosen = new Map<string, Promise<DataReference>>();

  constructor(private readonly task: Task) {}

  get shape(): readonly number[] {
    return this.task.train.inputs.shape;
  }

  data(samples: Samples, seed: number): Promise<DataReference> {
    return this.#once(`learned: ${nameOf(samples, seed)}`, 'training samples', () =>
      choose(this.task.train, samples, seed),
    );
  }

  test({ classes, alone }: Samples): Promise<DataReference> {
    const samples: Samples = classes && alone ? { classes, alone } : {};
    return this.#once(`tested: ${nameOf(samples, 0)}`, 'test samples', () => testOf(this.task.test, samples));
  }

  /** The samples that one of these references is to. */
  samplesOf({ sha256 }: DataReference): Dataset {
    return this.#sets.get(sha256)!;
  }

  #once(name: string, what: string, make: () => Dataset): Promise<DataReference> {
    const made = this.#chosen.get(name) ?? this.#refer(what, make());
    this.#chosen.set(name, made);
    return made;
  }

  async #refer(name: string, data: Dataset): Promise<DataReference> {
    const sha256 = await dataSha256(data);
    this.#sets.set(sha256, data);
    return { name, sha256 };
  }
}
