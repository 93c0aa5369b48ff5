const STORE = 'wasm-distill';
/** Stores of responses name them by addresses, which nobody asks for. */
const address = (name: string): string => `https://wasm-distill.invalid/${name}`;

/** A short text that was kept for this page's origin; undefined where there is none, or none may be kept. */
export async function kept(name: string): Promise<string | undefined> {
  try {
    return await (await (await caches.open(STORE)).match(address(name)))?.text();
  } catch {
    return undefined;
  }
}

/** Keeps a short text for this page's origin; where that can't be, nothing happens. */
export async function keep(name: string, text: string): Promise<void> {
  try {
    await (await caches.open(STORE)).put(address(name), new Response(text));
  } catch {
    // No room, or storage is refused: the caller reads it back.
  }
}
