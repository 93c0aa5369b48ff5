import type { Dataset } from 'wasm-distill';
import type { Context } from '../../../cli/context.ts';
import type { DataOptions } from '../../../cli/data/ask.ts';
import { type LoadedData, loadData } from '../../../cli/data/load.ts';
import { inMemory } from '../../../cli/data/stream.ts';
import type { Progress } from '../../../cli/terminal/progress.ts';

/** A progress that remembers what is said. */
export function listening(): { progress: Progress; lines: string[] } {
  const lines: string[] = [];
  const bar = { update: () => {}, note: () => {}, done: () => {} };
  return { progress: { start: () => bar, say: (line) => void lines.push(line), close: () => {} }, lines };
}

/** What a command works with, here a progress that remembers; data of more bytes than `streamFrom` go by streams. */
export function listeningContext(streamFrom?: number): { context: Context; lines: string[] } {
  const { progress, lines } = listening();
  const controller = new AbortController();
  return { context: { progress, controller, ...(streamFrom !== undefined && { streamFrom }) }, lines };
}

/** Loads data as commands do, with what is said of them. */
export async function loaded(options: DataOptions): Promise<LoadedData & { train: Dataset; said: string }> {
  const { context, lines } = listeningContext();
  const data = await loadData(options, context);
  return { ...data, train: inMemory(data.train), said: lines.join('\n') };
}
