import { demand } from '../../errors.js';
import { type MutualOptions, mutual } from '../mutual.js';
import { type SelfDistillationOptions, selfDistillation } from '../self-distillation.js';
import { stageTaps } from '../taps.js';
import type { CatalogEntry } from './entry.js';
import { aShare, aTemperature, aWeight, someLayers } from './kinds.js';

/** Students that teach themselves, or each other. */
export const mutualEntry: CatalogEntry<MutualOptions> = {
  aliases: ['dml'],
  line: 'learns beside peers of its own kind, each from the labels and from the others',
  needs: { teacher: 'none', labels: true },
  source: { paper: 'Deep Mutual Learning', venue: 'CVPR', year: 2018 },
  weight: 1,
  labels: 'inside',
  options: {
    peers: {
      default: 1,
      is: {
        takes: 'a number, or a list of networks',
        check: (value, what) =>
          demand(
            typeof value === 'number' || Array.isArray(value),
            () => `${what} must be a number, or a list of networks`,
          ),
      },
    },
    temperature: { default: 1, is: aTemperature },
  },
  make: (options) => mutual(options),
};

export const selfDistillationEntry: CatalogEntry<SelfDistillationOptions> = {
  aliases: ['be-your-own-teacher', 'byot'],
  line: 'teaches classifiers at its own shallower stages what its deepest one answers',
  needs: { teacher: 'none', labels: true },
  source: { paper: 'Be Your Own Teacher', venue: 'ICCV', year: 2019 },
  weight: 1,
  labels: 'inside',
  taps: {
    choose: (student) => stageTaps(student).map((layer) => ({ student: layer, teacher: layer })),
    options: (pairs) => ({ layers: pairs.map(({ student }) => student) }),
  },
  options: {
    layers: { is: someLayers },
    alpha: { default: 0.1, is: aShare },
    temperature: { default: 3, is: aTemperature },
    hint: { default: 0, is: aWeight },
  },
  make: (options) => selfDistillation(options),
};
