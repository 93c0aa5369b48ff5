import { concatenate, split, withoutLabels } from 'wasm-distill/data';
import type { Data } from '../data/reader.ts';
import { counted } from '../format/numbers.ts';
import { UsageError } from '../terminal/usage.ts';

/** Which samples the students see. */
export type Transfer =
  | { kind: 'all' }
  | { kind: 'share'; share: number }
  | { kind: 'count'; count: number }
  /** Further data, whose labels aren't read. */
  | { kind: 'further'; path: string };

/** The samples of the students; their teachers learn from all training data. */
export interface TransferSet {
  distilled: Data;
  /** The labeled ones among them, which the student on labels sees. */
  labeled: Data;
}

/** @throws UsageError */
export function parseTransfer(text: string): Transfer {
  if (text === 'all') return { kind: 'all' };
  if (/^\d+$/.test(text) && Number(text) > 0) return { kind: 'count', count: Number(text) };
  const share = /^(\d+\.?\d*|\.\d+)%$/.test(text) ? Number(text.slice(0, -1)) / 100 : Number.NaN;
  if (share > 0 && share <= 1) return share === 1 ? { kind: 'all' } : { kind: 'share', share };
  if (/^[-+\d.]*%?$/.test(text))
    throw new UsageError(
      `--transfer must be all, a share such as 3%, a number of samples such as 1800, or a path to further data, not ${JSON.stringify(text)}`,
    );
  return { kind: 'further', path: text };
}

interface Ways {
  seed: number;
  load: (path: string) => Promise<Data>;
  keep: (part: Data) => Promise<Data>;
}

/** `load` answers the samples of a path, `keep` a part of a stream in memory if it is small. @throws UsageError for more samples than there are. */
export async function transferSet(
  train: Data,
  transfer: Transfer,
  { seed, load, keep }: Ways,
): Promise<TransferSet> {
  if (transfer.kind === 'further') {
    const further = withoutLabels(await load(transfer.path));
    return { distilled: concatenate(train, further), labeled: train };
  }
  if (transfer.kind === 'all' || (transfer.kind === 'count' && transfer.count === train.size))
    return { distilled: train, labeled: train };
  if (transfer.kind === 'count' && transfer.count > train.size)
    throw new UsageError(
      `--transfer ${transfer.count} is more than the ${counted(train.size, 'training sample')}: give at most ${train.size}`,
    );
  const share = transfer.kind === 'share' ? transfer.share : transfer.count / train.size;
  const part = await keep(split(train, share, seed).part);
  return { distilled: part, labeled: part };
}

/**
 * Epochs of the student on labels: as many as take the steps that the distilled one makes on more samples, or it would
 * be compared after less training.
 */
export function epochsOnLabels(
  { distilled, labeled }: TransferSet,
  { epochs, batch }: { epochs: number; batch: number },
): number {
  const steps = ({ size }: Data) => Math.ceil(size / Math.min(batch, size));
  return Math.ceil((epochs * steps(distilled)) / steps(labeled));
}
