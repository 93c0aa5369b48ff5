import { createWriteStream, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DistillError } from 'wasm-distill';
import { bytesIn } from '../files/run-files.ts';
import { systemError } from '../files/system-errors.ts';
import { UsageError } from '../terminal/usage.ts';

/** What means standard input where a path is due. */
const DASH = '-';

/**
 * Works with the path of some data; those of standard input, `-`, are put into a temporary file first, which goes again
 * however the work and the process end. What they are, their first bytes say.
 * @throws UsageError where standard input is a terminal, DistillError 'bad-file' where nothing comes.
 */
export async function withInput<T>(
  where: string,
  signal: AbortSignal,
  work: (path: string) => Promise<T>,
): Promise<T> {
  if (where !== DASH) return work(where);
  if (process.stdin.isTTY)
    throw new UsageError('standard input is a terminal: pipe an image, a table or arrays into it');
  const folder = await mkdtemp(join(tmpdir(), 'wasm-distill-')).catch((error: unknown) => {
    throw systemError(tmpdir(), 'written', error);
  });
  const drop = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', drop);
  try {
    const path = join(folder, NAME);
    await keep(path, signal);
    return await work(path);
  } catch (error) {
    throw reworded(error, folder + sep);
  } finally {
    drop();
    process.off('exit', drop);
  }
}

/** The file's name is what messages say. */
const NAME = 'standard input';

async function keep(path: string, signal: AbortSignal): Promise<void> {
  try {
    await pipeline(process.stdin, createWriteStream(path), { signal });
  } catch (error) {
    if (signal.aborted)
      throw new DistillError('aborted', 'reading standard input was stopped', { cause: signal.reason });
    throw systemError(path, 'written', error);
  }
  if ((await bytesIn(path)) === 0)
    throw new DistillError('bad-file', `${NAME} is empty: pipe an image, a table or arrays into it`);
}

/** Without the temporary folder, of which nobody knows. */
function reworded(error: unknown, folder: string): unknown {
  if (!(error instanceof DistillError) || !error.message.includes(folder)) return error;
  return new DistillError(error.code, error.message.replaceAll(folder, ''), { cause: error });
}
