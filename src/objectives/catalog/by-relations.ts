import { checkNumber, checkWhole } from '../../checks.js';
import { demand } from '../../errors.js';
import { type CongruenceForm, type CongruenceWeights, congruence } from '../congruence.js';
import { type NeighborForm, probabilistic } from '../probabilistic.js';
import { type RelationalWeights, relational } from '../relational.js';
import { similarity } from '../similarity.js';
import type { CatalogEntry } from './entry.js';
import { aForm, aLayer, aWeight } from './kinds.js';
import { embeddingsBy } from './teaching.js';

/** Whose relations: default of both is what the last layer with weights takes. */
export interface Layers {
  layer?: string;
  teacherLayer?: string;
}

/** One pair of layers, if any is named. */
export const relationTaps: NonNullable<CatalogEntry<Layers>['taps']> = {
  options: (pairs) => {
    demand(
      pairs.length < 2,
      () =>
        `relations are of one pair of layers, but there are ${pairs.length}: give one, or layer and teacherLayer`,
    );
    return pairs.length === 0 ? {} : { layer: pairs[0]!.student, teacherLayer: pairs[0]!.teacher };
  },
};

const layers = { layer: { is: aLayer }, teacherLayer: { is: aLayer } };

export const similarityEntry: CatalogEntry<Layers> = {
  aliases: ['sp'],
  line: 'finds the same samples of a batch alike as the teacher does',
  needs: { teacher: 'embeddings', batch: 2 },
  source: { paper: 'Similarity-Preserving Knowledge Distillation', venue: 'ICCV', year: 2019 },
  weight: 3000,
  labels: 1,
  taps: relationTaps,
  options: layers,
  make: ({ layer, teacherLayer }, teaching) =>
    similarity({ layer, ...embeddingsBy(teaching, 'similarity', teacherLayer) }),
};

export const probabilisticEntry: CatalogEntry<Layers & NeighborForm> = {
  aliases: ['pkt'],
  line: 'has each sample of a batch among the neighbors that the teacher gives it',
  needs: { teacher: 'embeddings', batch: 3 },
  source: {
    paper: 'Learning Deep Representations with Probabilistic Knowledge Transfer',
    venue: 'ECCV',
    year: 2018,
  },
  weight: 300,
  labels: 1,
  taps: relationTaps,
  options: { ...layers, form: { default: 'paper', is: aForm } },
  make: ({ teacherLayer, ...rest }, teaching) =>
    probabilistic({ ...rest, ...embeddingsBy(teaching, 'probabilistic', teacherLayer) }),
};

export const congruenceEntry: CatalogEntry<Layers & CongruenceWeights & CongruenceForm> = {
  aliases: ['cc'],
  line: "learns the teacher's Gaussian kernel between all pairs of a batch",
  needs: { teacher: 'embeddings', batch: 2 },
  source: { paper: 'Correlation Congruence for Knowledge Distillation', venue: 'ICCV', year: 2019 },
  weight: 100,
  labels: 1,
  taps: relationTaps,
  options: {
    ...layers,
    gamma: {
      default: 0.4,
      is: {
        takes: 'a number above 0 and at most 10',
        check: (value, what) =>
          checkNumber(value, what, 'a number above 0 and at most 10', (g) => g > 0 && g <= 10),
      },
    },
    order: {
      default: 2,
      is: { takes: 'a whole number from 1 to 10', check: (value, what) => checkWhole(value, what, 1, 10) },
    },
    form: { default: 'paper', is: aForm },
  },
  make: ({ teacherLayer, ...rest }, teaching) =>
    congruence({ ...rest, ...embeddingsBy(teaching, 'congruence', teacherLayer) }),
};

export const relationalEntry: CatalogEntry<Layers & RelationalWeights> = {
  aliases: ['rkd'],
  line: 'has the distances and angles between the samples of a batch as the teacher has them',
  needs: { teacher: 'embeddings', batch: 2 },
  source: { paper: 'Relational Knowledge Distillation', venue: 'CVPR', year: 2019 },
  weight: 1,
  labels: 1,
  taps: relationTaps,
  options: {
    ...layers,
    distance: { default: 25, is: aWeight },
    angle: { default: 50, is: aWeight },
  },
  make: ({ teacherLayer, ...rest }, teaching) =>
    relational({ ...rest, ...embeddingsBy(teaching, 'relational', teacherLayer) }),
};
