import { open } from 'node:fs/promises';
import type { Dataset } from 'wasm-distill';
import type { SampleStream } from 'wasm-distill/data';
import { readNpz } from 'wasm-distill/formats';
import { read } from '../files/run-files.ts';
import { systemError } from '../files/system-errors.ts';

/** Says where images came with their channels first, as the library turns them without a word. */
export async function turned(file: string, { size, inputs: { shape } }: Dataset): Promise<string[]> {
  if (shape.length !== 3) return [];
  if (/\.npy$/i.test(file)) return turnedNpy(file, { size, shape });
  if (!/\.npz$/i.test(file)) return [];
  const arrays = [...readNpz(await read(file), file).values()];
  return noteOn(
    { size, shape },
    arrays.map((array) => array().shape),
  );
}

/** The same of an npy, by its header alone. */
export async function turnedNpy(
  file: string,
  samples: Pick<SampleStream, 'size' | 'shape'>,
): Promise<string[]> {
  const shape = await npyShape(file);
  return shape === undefined ? [] : noteOn(samples, [shape]);
}

/** By an npy's header alone; undefined where it can't be read. */
export async function npyShape(file: string): Promise<number[] | undefined> {
  // Python 2 wrote 28L.
  const found = /'shape': *\(([\dL, ]*)\)/.exec(await startOf(file))?.[1];
  return found?.replaceAll('L', '').split(',').map(Number);
}

function noteOn(
  { size, shape }: Pick<SampleStream, 'size' | 'shape'>,
  found: readonly (readonly number[])[],
) {
  const [height, width, channels] = shape;
  if (shape.length !== 3 || channels === width) return [];
  const wanted = String([size, channels, height, width]);
  return found.some((each) => String(each) === wanted)
    ? [
        `images of ${wanted.split(',').slice(1).join(' × ')} are turned: channels come last, ${shape.join(' × ')}`,
      ]
    : [];
}

/** Where an npy's header is. */
async function startOf(file: string): Promise<string> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(1024), 0, 1024, 0);
      return buffer.toString('latin1', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw systemError(file, 'read', error);
  }
}
