import { host } from '#host';
import { DistillError } from '../../errors.js';

/** Bytes of a page of WebAssembly. */
export const PAGE = 65536;
/** How many are kept, of at most so many bytes: larger sessions seldom follow one another. */
const MOST = 8;
const LARGE = 2 ** 24;

/**
 * Memories of sessions: that of a closed one waits for the next one of the same size. Engines of JavaScript reserve gigabytes
 * of addresses for each, however small it is, until all threads have collected their garbage, and browsers have room for
 * some hundred: predictions one by one ran out of it.
 */
export class Memories {
  readonly #spare: WebAssembly.Memory[] = [];

  /** One of zeros. @throws DistillError 'memory' */
  take(pages: number): WebAssembly.Memory {
    const at = this.#spare.findIndex(({ buffer }) => buffer.byteLength === pages * PAGE);
    if (at < 0) return makeMemory(pages);
    const [memory] = this.#spare.splice(at, 1);
    new Uint8Array(memory!.buffer).fill(0);
    return memory!;
  }

  /** Takes back one that no thread uses any more; of too many the oldest goes. */
  give(memory: WebAssembly.Memory): void {
    if (memory.buffer.byteLength > LARGE) return;
    this.#spare.push(memory);
    if (this.#spare.length > MOST) this.#spare.shift();
  }
}

function makeMemory(pages: number): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    const size = Math.ceil((pages * PAGE) / 2 ** 20);
    throw new DistillError('memory', refusal(size, host.memoryLimit()), { cause: error });
  }
}

/** Engines reserve addresses for all that a memory could grow to, and for guards around it, however small it is. */
function refusal(size: number, limit: number | undefined): string {
  return limit === undefined
    ? `this machine refused ${size} MiB of shared memory: use a smaller model, batch or data set`
    : `${size} MiB of shared memory were refused as this process may take ${Math.floor(limit / 2 ** 20)} MiB of addresses (ulimit -v), of which engines reserve some 10,000 for each memory, however small: raise that limit`;
}
