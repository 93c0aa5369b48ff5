import { checkWord, shown } from '../../checks.js';
import { demand } from '../../errors.js';
import { type AttentionMaps, attention } from '../attention.js';
import { type FspOptions, fsp } from '../fsp.js';
import { type GradientMaps, gradientAttention } from '../gradient-attention.js';
import { hints } from '../hints.js';
import { symmetricAttention } from '../symmetric-attention.js';
import { middleTap, tapsByResolution } from '../taps.js';
import type { CatalogEntry } from './entry.js';
import { aForm, aLayer, aSwitch, pairsOrKept, somePairs } from './kinds.js';
import { hintBy, mapsBy, networkBy, type PairOrKept } from './teaching.js';

const ATTENTION = { paper: 'Paying More Attention to Attention', venue: 'ICLR', year: 2017 };

export interface Guided {
  /** The student's layer. */
  guided: string;
  /** The teacher's, where it runs in the step. */
  hint?: string;
  form?: 'paper' | 'common';
}

export const fitnetsEntry: CatalogEntry<Guided> = {
  aliases: ['hints', 'hint', 'fitnet'],
  line: 'learns to predict a layer inside the teacher from one of its own, before it learns the classes',
  needs: { teacher: 'embeddings', stages: 2 },
  source: { paper: 'FitNets: Hints for Thin Deep Nets', venue: 'ICLR', year: 2015 },
  weight: 1,
  labels: 1,
  taps: {
    choose: (student, teacher) => [middleTap(student, teacher)],
    options: (pairs) => {
      demand(
        pairs.length === 1,
        () => `fitnets has one pair of layers, but there are ${pairs.length}: give one, or guided and hint`,
      );
      return { guided: pairs[0]!.student, hint: pairs[0]!.teacher };
    },
  },
  second: {
    // The paper's second stage: λ from 4 to 0, T = 3.
    terms: [{ weight: { from: 4, to: 0 }, objective: 'kd', options: { temperature: 3, alpha: 0 } }],
    upTo: ({ guided }) => guided,
  },
  likeKept: ({ guided }) => guided,
  options: {
    guided: { is: aLayer },
    hint: { is: aLayer },
    form: { default: 'paper', is: aForm },
  },
  make: ({ hint, ...rest }, teaching) => hints({ ...rest, ...hintBy(teaching, 'fitnets', hint) }),
};

export const attentionEntry: CatalogEntry<AttentionMaps & { layers: readonly PairOrKept[] }> = {
  aliases: ['at', 'attention-transfer'],
  line: 'attends to where in the image the teacher does',
  needs: { teacher: 'embeddings', maps: true },
  source: ATTENTION,
  weight: 1,
  labels: 1,
  taps: { choose: tapsByResolution, options: (layers) => ({ layers }) },
  likeKept: ({ layers }) => layers?.[0]?.student,
  options: {
    layers: { is: pairsOrKept },
    power: {
      default: 2,
      is: {
        takes: '1, 2, 3 or 4',
        check: (p, what) =>
          demand([1, 2, 3, 4].includes(p as number), () => `${what} must be 1, 2, 3 or 4, not ${shown(p)}`),
      },
    },
    over: {
      default: 'sum',
      is: {
        takes: 'sum, mean or max',
        check: (value, what) => checkWord(value, what, ['sum', 'mean', 'max']),
      },
    },
    form: { default: 'paper', is: aForm },
  },
  make: ({ layers, ...maps }, teaching) =>
    attention({ ...maps, ...mapsBy(teaching, 'attention', layers ?? []) }),
};

const gradientOptions = {
  form: {
    default: 'paper',
    is: {
      takes: 'paper or squared',
      check: (value: unknown, what: string) => checkWord(value, what, ['paper', 'squared']),
    },
  },
  normalize: { default: false, is: aSwitch },
} as const;

export const gradientAttentionEntry: CatalogEntry<GradientMaps> = {
  aliases: ['gradient-at', 'at-gradient'],
  line: "has its loss depend on each pixel as the teacher's does",
  needs: { teacher: 'layers', labels: true },
  source: ATTENTION,
  weight: 1,
  labels: 1,
  options: gradientOptions,
  make: (options, teaching) =>
    gradientAttention({ ...options, teacher: networkBy(teaching, 'gradient-attention') }),
};

export const symmetricAttentionEntry: CatalogEntry<GradientMaps> = {
  aliases: ['symmetric-at', 'at-symmetric'],
  line: 'has its loss depend on the pixels of a mirrored image in the mirrored way',
  needs: { teacher: 'none', labels: true, maps: true },
  source: ATTENTION,
  weight: 1,
  labels: 1,
  options: gradientOptions,
  make: (options) => symmetricAttention(options),
};

export const fspEntry: CatalogEntry<Pick<FspOptions, 'layers' | 'between' | 'form'>> = {
  aliases: ['flow'],
  line: 'goes from layer to layer as the teacher does, before it learns the classes',
  needs: { teacher: 'layers', maps: true, equalChannels: true, stages: 2 },
  source: { paper: 'A Gift from Knowledge Distillation', venue: 'CVPR', year: 2017 },
  weight: 1,
  labels: 1,
  taps: { choose: tapsByResolution, options: (layers) => ({ layers }) },
  second: { terms: [] },
  options: {
    layers: { is: somePairs },
    between: {
      default: 'neighbors',
      is: {
        takes: 'neighbors or sections',
        check: (value, what) => checkWord(value, what, ['neighbors', 'sections']),
      },
    },
    form: { default: 'paper', is: aForm },
  },
  make: (options, teaching) => fsp({ ...options, teacher: networkBy(teaching, 'fsp') }),
};
