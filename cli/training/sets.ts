import { type DataReference, dataSha256 } from 'wasm-distill/jobs';
import type { Data } from '../data/reader.ts';
import type { DataPair } from './data.ts';

/** What every job of a run refers to. */
export interface References {
  data: DataReference;
  test: DataReference;
  validation?: DataReference;
}

/** The data sets of a run, found by the hashes that jobs know them by. */
export class Sets {
  readonly #found = new Map<string, Data>();
  readonly #references = new Map<Data, Promise<DataReference>>();

  /** `hash`: dataSha256, with whatever tells how far it is. */
  constructor(private readonly hash: (data: Data) => Promise<string> = (data) => dataSha256(data)) {}

  /** What jobs call a data set; of several names the first stays. */
  reference(name: string, data: Data): Promise<DataReference> {
    const known = this.#references.get(data) ?? this.#hashed(name, data);
    this.#references.set(data, known);
    return known;
  }

  async references({
    train,
    test,
    validation,
  }: Pick<DataPair, 'train' | 'test' | 'validation'>): Promise<References> {
    return {
      data: await this.reference('training data', train),
      test: await this.reference('test data', test),
      ...(validation && { validation: await this.reference('validation data', validation) }),
    };
  }

  data({ name, sha256 }: DataReference): Data {
    const found = this.#found.get(sha256);
    if (!found) throw new Error(`no data set was added as ${name}`);
    return found;
  }

  async #hashed(name: string, data: Data): Promise<DataReference> {
    const sha256 = await this.hash(data);
    this.#found.set(sha256, data);
    return { name, sha256 };
  }
}
