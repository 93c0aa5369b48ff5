import type { Silence } from '../train/silence.js';

/** A layer most of whose units answered 0 to everything, so that they can't learn any more, and after which epoch. */
export interface SilentLayer extends Silence {
  readonly epoch: number;
}

/** As an entry of a file's metadata, where there is one. */
export function silentEntry(silent: SilentLayer | undefined): { silent?: string } {
  return silent ? { silent: JSON.stringify(silent) } : {};
}

/** What a file's metadata say of it; what can't be read is a mark less, not a reason to refuse a model. */
export function silentIn({ silent }: Readonly<Record<string, string>>): { silent?: SilentLayer } {
  try {
    const { layer, share, epoch } = JSON.parse(silent ?? '{}') as Partial<SilentLayer>;
    const known = typeof layer === 'string' && typeof share === 'number' && typeof epoch === 'number';
    return known ? { silent: { layer, share, epoch } } : {};
  } catch {
    return {};
  }
}
