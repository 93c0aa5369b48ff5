import type { DataOptions } from '../../../cli/data/ask.ts';
import { type LoadedData, loadData } from '../../../cli/data/load.ts';
import type { Progress } from '../../../cli/terminal/progress.ts';

/** A progress that remembers what is said. */
export function listening(): { progress: Progress; lines: string[] } {
  const lines: string[] = [];
  const bar = { update: () => {}, note: () => {}, done: () => {} };
  return { progress: { start: () => bar, say: (line) => void lines.push(line), close: () => {} }, lines };
}

/** Loads data as commands do, with what is said of them. */
export async function loaded(options: DataOptions): Promise<LoadedData & { said: string }> {
  const { progress, lines } = listening();
  const data = await loadData(options, progress);
  return { ...data, said: lines.join('\n') };
}
