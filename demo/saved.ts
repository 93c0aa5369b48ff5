import type { Settings } from './settings.ts';

/** One epoch of a network, as its curve shows it. */
export interface Point {
  epoch: number;
  loss: number;
  /** On the test images. */
  errors: number;
}

/** A network in training, as it was after its last epoch or when it was stopped. */
export interface SavedModel {
  checkpoint: Uint8Array;
  points: Point[];
  /** confusion[label][predicted] on the test images; none before the first epoch's end. */
  confusion: number[][] | undefined;
}

interface SavedRun {
  settings: Settings;
  paused: boolean;
}

const DATABASE = 'wasm-distill demo';
const STORE = 'run';
const RUN = 'run';

/**
 * The run under way, in memory, and a copy of it in IndexedDB from which a page opened later goes on. Where the browser
 * refuses to store (a private window, a full disk), `onRefused` is told why, once, and the run goes on in memory.
 */
export class Saved {
  #run: SavedRun | undefined;
  #models = new Map<string, SavedModel>();
  #database: IDBDatabase | undefined;

  private constructor(private readonly onRefused: (why: string) => void) {}

  static async open(onRefused: (why: string) => void): Promise<Saved> {
    const saved = new Saved(onRefused);
    await saved.#attempt(async () => {
      saved.#database = await openDatabase();
      await saved.#readAll(saved.#database);
    });
    return saved;
  }

  get run(): SavedRun | undefined {
    return this.#run;
  }

  model(name: string): SavedModel | undefined {
    return this.#models.get(name);
  }

  async setRun(run: SavedRun): Promise<void> {
    this.#run = run;
    await this.#change((store) => store.put(run, RUN));
  }

  async setModel(name: string, model: SavedModel): Promise<void> {
    this.#models.set(name, model);
    await this.#change((store) => store.put(model, name));
  }

  async clear(): Promise<void> {
    this.#run = undefined;
    this.#models.clear();
    await this.#change((store) => store.clear());
  }

  async #readAll(database: IDBDatabase): Promise<void> {
    const store = database.transaction(STORE).objectStore(STORE);
    const [names, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    names.forEach((name, i) => {
      if (name === RUN) this.#run = values[i];
      else this.#models.set(String(name), values[i]);
    });
  }

  #change(act: (store: IDBObjectStore) => IDBRequest): Promise<void> {
    return this.#attempt(async () => {
      if (this.#database) await done(act(this.#database.transaction(STORE, 'readwrite').objectStore(STORE)));
    });
  }

  async #attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#database?.close();
      this.#database = undefined;
      this.onRefused(error instanceof Error ? error.message : String(error));
    }
  }
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return done(request);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
