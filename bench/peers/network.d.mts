import type { Work } from './work.mjs';

/** The losses before each of some steps, computed anew (the recorded ones: referenceLosses). */
export function computedLosses(work: Work, steps: number): number[];
