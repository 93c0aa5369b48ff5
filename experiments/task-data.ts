import type { Dataset } from 'wasm-distill';
import { type DataReference, dataSha256 } from 'wasm-distill/jobs';
import type { Sources } from './compile.ts';
import { choose, type Samples, type Task } from './samples.ts';

/** A task's samples as jobs refer to them, and what they refer to. */
export class TaskData implements Sources {
  /** By hash. */
  readonly #sets = new Map<string, Dataset>();
  readonly #chosen = new Map<string, Promise<DataReference>>();

  private constructor(
    private readonly train: Dataset,
    readonly test: DataReference,
    testSamples: Dataset,
  ) {
    this.#sets.set(test.sha256, testSamples);
  }

  static async of({ train, test }: Task): Promise<TaskData> {
    return new TaskData(train, { name: 'test samples', sha256: await dataSha256(test) }, test);
  }

  get shape(): readonly number[] {
    return this.train.inputs.shape;
  }

  data(samples: Samples): Promise<DataReference> {
    const name = JSON.stringify(samples);
    const chosen = this.#chosen.get(name) ?? this.#refer(choose(this.train, samples));
    this.#chosen.set(name, chosen);
    return chosen;
  }

  /** The samples that one of these references is to. */
  samplesOf({ sha256 }: DataReference): Dataset {
    return this.#sets.get(sha256)!;
  }

  async #refer(data: Dataset): Promise<DataReference> {
    const sha256 = await dataSha256(data);
    this.#sets.set(sha256, data);
    return { name: 'training samples', sha256 };
  }
}
