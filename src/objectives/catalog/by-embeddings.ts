import { checkWhole, checkWord } from '../../checks.js';
import { darkRank, type RankingOptions } from '../darkrank.js';
import { type TripletOptions, triplet } from '../triplet.js';
import { type VerificationOptions, verification } from '../verification.js';
import { type Layers, relationTaps } from './by-relations.js';
import type { CatalogEntry } from './entry.js';
import { aForm, aLayer, aPositive, aSwitch } from './kinds.js';
import { embeddingsBy } from './teaching.js';

/** What trains embeddings: nearness, by a teacher's order or by labels. */
export const darkRankEntry: CatalogEntry<Layers & RankingOptions> = {
  aliases: ['dark-rank'],
  line: 'ranks the other samples of a batch by nearness in the order that the teacher does',
  needs: { teacher: 'embeddings', batch: 5 },
  source: {
    paper: 'DarkRank: Accelerating Deep Metric Learning via Cross Sample Similarities Transfer',
    venue: 'AAAI',
    year: 2018,
  },
  weight: 1,
  labels: 1,
  taps: relationTaps,
  options: {
    layer: { is: aLayer },
    teacherLayer: { is: aLayer },
    ranking: {
      default: 'hard',
      is: { takes: 'hard or soft', check: (value, what) => checkWord(value, what, ['hard', 'soft']) },
    },
    // What follows from the form has no default of its own.
    length: {
      is: {
        takes:
          'a whole number from 2 to 6 (default: 4; hard rankings of the form common are of the whole batch)',
        check: (value, what) => checkWhole(value, what, 2, 6),
      },
    },
    alpha: { is: { ...aPositive, takes: 'a number above 0 (default: 3; of the form common 12.25)' } },
    beta: {
      is: {
        takes: 'a whole number from 1 to 8 (default: 3; of the form common 4)',
        check: (value, what) => checkWhole(value, what, 1, 8),
      },
    },
    form: { default: 'paper', is: aForm },
    // Scores of embeddings of any length are so steep that the student dies: experiments/three-percent.
    normalize: { default: true, is: aSwitch },
  },
  make: ({ teacherLayer, normalize = true, ...rest }, teaching) =>
    darkRank({ ...rest, normalize, ...embeddingsBy(teaching, 'darkrank', teacherLayer) }),
};

export const verificationEntry: CatalogEntry<VerificationOptions> = {
  aliases: ['contrastive'],
  line: 'brings samples of one class together and keeps those of different classes apart',
  needs: { teacher: 'none', labels: true, batch: 2 },
  source: {
    paper: 'Deep Learning Face Representation by Joint Identification-Verification',
    venue: 'NIPS',
    year: 2014,
  },
  weight: 1,
  labels: 1,
  options: {
    layer: { is: aLayer },
    margin: { default: 1, is: aPositive },
    normalize: { default: false, is: aSwitch },
  },
  make: (options) => verification(options),
};

export const tripletEntry: CatalogEntry<TripletOptions> = {
  aliases: ['facenet'],
  line: 'has each sample nearer to those of its class than to others, by a margin',
  needs: { teacher: 'none', labels: true, batch: 3 },
  source: {
    paper: 'FaceNet: A Unified Embedding for Face Recognition and Clustering',
    venue: 'CVPR',
    year: 2015,
  },
  weight: 1,
  labels: 1,
  options: {
    layer: { is: aLayer },
    margin: { default: 0.2, is: aPositive },
    normalize: { default: true, is: aSwitch },
    mining: {
      default: 'all',
      is: { takes: 'all or hard', check: (value, what) => checkWord(value, what, ['all', 'hard']) },
    },
  },
  make: (options) => triplet(options),
};
