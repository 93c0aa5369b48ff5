import { DistillError } from 'wasm-distill';
import { decodeSafetensors } from 'wasm-distill/formats';
import type { Progress } from '../terminal/progress.ts';
import { forFile } from './folders.ts';
import { onnxKind } from './formats.ts';
import { readIfThere, writeAtomic } from './run-files.ts';
import { kindOf } from './targets.ts';

/**
 * Writes a file over nothing, over another of the same format, which is said, or over any if that is asked for. `make`
 * comes between the check and the writing.
 * @throws DistillError 'mismatch' for another kind of file
 */
export async function writeFormat<T>(
  path: string,
  format: string,
  { force, progress }: { force: boolean; progress: Progress },
  make: () => Promise<{ bytes: Uint8Array; made: T }>,
): Promise<T> {
  return forFile(path, async () => {
    const replaces = (await kindOf(path)) === 'file';
    if (replaces && !force && (await formatOf(path)) !== format)
      throw new DistillError(
        'mismatch',
        `${path} is another kind of file than the one to be written: give --force to replace it, or another --out`,
      );
    const { bytes, made } = await make();
    await writeAtomic(path, bytes);
    if (replaces) progress.say(`${path} was there before, and is replaced`);
    return made;
  });
}

/** @throws DistillError 'mismatch' for a file that is there, unless it is to be replaced. */
export async function checkAbsent(path: string, force: boolean): Promise<void> {
  if (force || (await kindOf(path)) !== 'file') return;
  throw new DistillError(
    'mismatch',
    `${path} is there already: give --force to replace it, or another --out`,
  );
}

async function formatOf(path: string): Promise<string | undefined> {
  const bytes = await readIfThere(path);
  try {
    return bytes && (onnxKind(bytes) ?? decodeSafetensors(bytes, path).metadata.format);
  } catch {
    return undefined;
  }
}
