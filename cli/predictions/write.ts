import { setImmediate } from 'node:timers/promises';
import { DistillError } from 'wasm-distill';
import { forFile } from '../files/folders.ts';
import { checkAbsent } from '../files/replace.ts';
import { writeAtomic } from '../files/run-files.ts';

export type Pieces = Iterable<string | Uint8Array>;

/**
 * Writes what `make` answers to a file, over another one only by force. It is looked at before anything is made.
 * @throws DistillError 'mismatch' for a file that is there.
 */
export function toFile(path: string, force: boolean, make: () => Promise<Pieces>): Promise<void> {
  return forFile(path, async () => {
    await checkAbsent(path, force);
    await writeAtomic(path, await make());
  });
}

/** Writes to standard output, as fast as it is read, and stops where its reader is gone. @throws DistillError 'aborted' */
export async function toOutput(pieces: Pieces, signal: AbortSignal): Promise<void> {
  for (const piece of pieces) {
    if (signal.aborted) throw new DistillError('aborted', 'writing was stopped', { cause: signal.reason });
    if (!(await isTaken(piece))) return;
    // A pipe takes what it gets at once, and signals are heard of between.
    await setImmediate();
  }
}

/** What goes wrong is told elsewhere (terminal/output.ts). */
function isTaken(piece: string | Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    process.stdout.write(piece, (error) => resolve(!error));
  });
}
