import { shown } from '../checks.js';
import { demand } from '../errors.js';
import type { Ingredients } from './key.js';

/**
 * The backends that a training, and those it learned from, ran on, the first first, as its file's metadata say. Of a
 * file that doesn't, the one in its key; none if that isn't there either.
 * @throws DistillError 'bad-argument'
 */
export function backendsIn(metadata: Readonly<Record<string, string>>): string[] {
  demand(
    typeof metadata === 'object' && metadata !== null,
    () => `a file's metadata must be texts by name, as decodeModel gives them, not ${shown(metadata)}`,
  );
  const { backends, job } = metadata;
  if (typeof backends === 'string') return backends.split(', ');
  try {
    const { surroundings } = JSON.parse(job ?? '') as Ingredients;
    return typeof surroundings.backend === 'string' ? [surroundings.backend] : [];
  } catch {
    return [];
  }
}

/** As an entry of a file's metadata. */
export function backendsEntry(backends: readonly string[]): { backends?: string } {
  return backends.length > 0 ? { backends: backends.join(', ') } : {};
}
