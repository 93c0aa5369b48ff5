import type { Dataset } from 'wasm-distill';
import type { SampleStream } from 'wasm-distill/data';
import { type DataReference, dataSha256 } from 'wasm-distill/jobs';
import type { DataPair } from './data.ts';

/** What every job of a run refers to. */
export interface References {
  data: DataReference;
  test: DataReference;
  validation?: DataReference;
}

/** The data sets of a run, found by the hashes that jobs know them by. */
export class Sets {
  readonly #found = new Map<string, Dataset | SampleStream>();
  readonly #references = new Map<Dataset | SampleStream, Promise<DataReference>>();

  /** What jobs call a data set; of several names the first stays. */
  reference(name: string, data: Dataset | SampleStream): Promise<DataReference> {
    const known = this.#references.get(data) ?? this.#hashed(name, data);
    this.#references.set(data, known);
    return known;
  }

  async references({
    train,
    test,
    validation,
  }: Omit<DataPair, 'train'> & { train: Dataset | SampleStream }): Promise<References> {
    return {
      data: await this.reference('training data', train),
      test: await this.reference('test data', test),
      ...(validation && { validation: await this.reference('validation data', validation) }),
    };
  }

  data({ name, sha256 }: DataReference): Dataset | SampleStream {
    const found = this.#found.get(sha256);
    if (!found) throw new Error(`no data set was added as ${name}`);
    return found;
  }

  async #hashed(name: string, data: Dataset | SampleStream): Promise<DataReference> {
    const sha256 = await dataSha256(data);
    this.#found.set(sha256, data);
    return { name, sha256 };
  }
}
