import { hinton2015 } from './hinton-2015/paper.ts';
import type { Paper } from './paper.ts';
import { survey } from './survey/paper.ts';
import { threePercent } from './three-percent/paper.ts';

/** In the order that they are listed. */
export const PAPERS: readonly Paper[] = [hinton2015, survey, threePercent];
