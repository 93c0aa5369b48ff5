const STORE = 'wasm-distill';
/** Stores of responses name them by addresses, which nobody asks for. */
const address = (name: string): string => `https://wasm-distill.invalid/${name}`;

/** A short text that was kept for this page's origin; undefined where there is none, or none may be kept. */
export async function kept(name: string): Promise<string | undefined> {
  return quietly(async (store) => (await store.match(address(name)))?.text());
}

/** Keeps a short text for this page's origin unless one is kept already; where that can't be, nothing happens. */
export async function keep(name: string, text: string): Promise<void> {
  await quietly((store) =>
    navigator.locks.request(STORE, async () => {
      if (!(await store.match(address(name)))) await store.put(address(name), new Response(text));
    }),
  );
}

export async function forget(name: string): Promise<void> {
  await quietly((store) => store.delete(address(name)));
}

/** There are pages that may not store anything, and disks that are full. */
async function quietly<T>(work: (store: Cache) => Promise<T>): Promise<T | undefined> {
  try {
    return await work(await caches.open(STORE));
  } catch {
    return undefined;
  }
}
