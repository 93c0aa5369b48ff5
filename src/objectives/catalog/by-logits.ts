import { checkWord } from '../../checks.js';
import { type DecoupledWeights, decoupled } from '../decoupled.js';
import { type DistWeights, dist } from '../dist.js';
import { distillation, FORMS, type KdOptions } from '../distillation.js';
import { logits } from '../logits.js';
import { type Standardizing, standardized } from '../standardized.js';
import type { CatalogEntry } from './entry.js';
import { aShare, aSwitch, aTemperature, aWeight } from './kinds.js';
import { logitsBy, softBy } from './teaching.js';

/** Temperatures unless told: facts measured T = 4 on small students, where 2 to 20 are close. */
const TEMPERATURE = 4;

export const kdEntry: CatalogEntry<Partial<KdOptions>> = {
  aliases: ['distillation', 'soft-targets'],
  line: "learns the teachers' softened answers, fused with the labels",
  needs: { teacher: 'soft targets' },
  source: { paper: 'Distilling the Knowledge in a Neural Network', venue: 'arXiv 1503.02531', year: 2015 },
  weight: 1,
  labels: 'inside',
  options: {
    temperature: { default: TEMPERATURE, is: aTemperature },
    alpha: { is: { ...aShare, takes: 'a number from 0 to 1 (default: 0.1; the form sum has none)' } },
    form: {
      default: 'fusion',
      is: {
        takes: 'fusion, two-term or sum',
        check: (value, what) => checkWord(value, what, FORMS),
      },
    },
    softWeight: {
      is: { ...aWeight, takes: 'a number of at least 0, of the form two-term (default: (1 − alpha)·T²)' },
    },
  },
  make: ({ temperature = TEMPERATURE, ...rest }, teaching) =>
    distillation({ temperature, ...rest, ...softBy(teaching, 'kd') }),
};

export const logitsEntry: CatalogEntry<Record<never, never>> = {
  aliases: ['logits-mse'],
  line: "learns the teachers' logits by their squared differences",
  needs: { teacher: 'logits' },
  source: { paper: 'Do Deep Nets Really Need to be Deep?', venue: 'NeurIPS', year: 2014 },
  weight: 1,
  labels: 0,
  options: {},
  make: (_, teaching) => logits(logitsBy(teaching, 'logits')),
};

export const decoupledEntry: CatalogEntry<Partial<DecoupledWeights> & Standardizing> = {
  aliases: ['decoupled'],
  line: 'learns how sure the teachers are of the label, and apart from it what they say of the other classes',
  needs: { teacher: 'logits', labels: true },
  source: { paper: 'Decoupled Knowledge Distillation', venue: 'CVPR', year: 2022 },
  weight: 1,
  labels: 1,
  options: {
    temperature: { default: TEMPERATURE, is: aTemperature },
    alpha: { default: 1, is: aWeight },
    beta: { default: 1, is: aWeight },
    standardize: { default: false, is: aSwitch },
  },
  make: ({ temperature = TEMPERATURE, ...rest }, teaching) =>
    decoupled({ temperature, ...rest, ...logitsBy(teaching, 'dkd') }),
};

export const distEntry: CatalogEntry<DistWeights & Standardizing> = {
  aliases: [],
  line: "learns the order of the teachers' answers within a sample and within a class, by correlation",
  needs: { teacher: 'logits', batch: 2 },
  source: {
    paper: 'Knowledge Distillation from A Stronger Teacher',
    venue: 'NeurIPS',
    year: 2022,
  },
  weight: 1,
  labels: 1,
  options: {
    temperature: { default: 1, is: aTemperature },
    beta: { default: 1, is: aWeight },
    gamma: { default: 1, is: aWeight },
    standardize: { default: false, is: aSwitch },
  },
  make: (options, teaching) => dist({ ...options, ...logitsBy(teaching, 'dist') }),
};

export const standardizedEntry: CatalogEntry<{ temperature?: number }> = {
  aliases: ['logit-standardization'],
  line: "learns the teachers' softened answers after both sides' logits have mean 0 and deviation 1",
  needs: { teacher: 'logits' },
  source: { paper: 'Logit Standardization in Knowledge Distillation', venue: 'CVPR', year: 2024 },
  weight: 9,
  labels: 0.1,
  options: { temperature: { default: 2, is: aTemperature } },
  make: ({ temperature = 2 }, teaching) =>
    standardized({ temperature, ...logitsBy(teaching, 'standardized') }),
};
