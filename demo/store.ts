/**
 * Values by name, in memory, with a copy in IndexedDB that a page opened later finds. Where the browser refuses to store
 * (a private window, a full disk), `onRefused` is told why, once, and all goes on in memory.
 */
export class Store {
  #values = new Map<string, unknown>();
  #database: IDBDatabase | undefined;

  private constructor(private readonly onRefused: (why: string) => void) {}

  static async open(name: string, onRefused: (why: string) => void): Promise<Store> {
    const store = new Store(onRefused);
    await store.#attempt(async () => {
      store.#database = await openDatabase(name);
      await store.#readAll(store.#database);
    });
    return store;
  }

  get names(): string[] {
    return [...this.#values.keys()];
  }

  get(name: string): unknown {
    return this.#values.get(name);
  }

  async put(name: string, value: unknown): Promise<void> {
    this.#values.set(name, value);
    await this.#change((stored) => stored.put(value, name));
  }

  async delete(name: string): Promise<void> {
    this.#values.delete(name);
    await this.#change((stored) => stored.delete(name));
  }

  async clear(): Promise<void> {
    this.#values.clear();
    await this.#change((stored) => stored.clear());
  }

  async #readAll(database: IDBDatabase): Promise<void> {
    const stored = database.transaction(VALUES).objectStore(VALUES);
    const [names, values] = await Promise.all([done(stored.getAllKeys()), done(stored.getAll())]);
    names.forEach((name, i) => {
      this.#values.set(String(name), values[i]);
    });
  }

  #change(act: (stored: IDBObjectStore) => IDBRequest): Promise<void> {
    return this.#attempt(async () => {
      if (this.#database)
        await done(act(this.#database.transaction(VALUES, 'readwrite').objectStore(VALUES)));
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

const VALUES = 'values';
/** The first one's trainings had a form of their own. */
const VERSION = 2;

function openDatabase(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, VERSION);
  request.onupgradeneeded = () => {
    for (const old of request.result.objectStoreNames) request.result.deleteObjectStore(old);
    request.result.createObjectStore(VALUES);
  };
  return done(request);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
