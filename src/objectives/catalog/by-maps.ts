import { checkWord } from '../../checks.js';
import { demand } from '../../errors.js';
import { type AttentionMaps, attention, type LayerPair } from '../attention.js';
import { arePairs, isForm } from './checks.js';
import type { CatalogEntry } from './entry.js';
import { networkBy } from './teaching.js';

export const attentionEntry: CatalogEntry<AttentionMaps & { layers: readonly LayerPair[] }> = {
  aliases: ['at', 'attention-transfer'],
  line: 'attends to where in the image the teacher does',
  needs: { teacher: 'layers', maps: true },
  source: { paper: 'Paying More Attention to Attention', venue: 'ICLR', year: 2017 },
  weight: 1,
  labels: 1,
  options: {
    layers: { check: arePairs },
    power: {
      default: 2,
      check: (p, what) => demand([1, 2, 3, 4].includes(p as number), `${what} must be 1, 2, 3 or 4`),
    },
    over: { default: 'sum', check: (value, what) => checkWord(value, what, ['sum', 'mean', 'max']) },
    form: { default: 'paper', check: isForm },
  },
  make: (options, teaching) => attention({ ...options, teacher: networkBy(teaching, 'attention') }),
};
