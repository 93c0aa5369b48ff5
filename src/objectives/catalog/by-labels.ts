import { type LabelsOptions, labels } from '../labels.js';
import { smoothedLabels, type VirtualTeacherOptions, virtualTeacher } from '../smoothed.js';
import type { CatalogEntry } from './entry.js';
import { aShare, aTemperature } from './kinds.js';

/** What needs no teacher. */
export const labelsEntry: CatalogEntry<LabelsOptions> = {
  aliases: ['ce', 'hard'],
  line: 'learns the labels',
  needs: { teacher: 'none', labels: true },
  source: { paper: 'Distilling the Knowledge in a Neural Network', venue: 'arXiv 1503.02531', year: 2015 },
  weight: 1,
  labels: 'inside',
  options: { temperature: { default: 1, is: aTemperature } },
  make: (options) => labels(options),
};

export const smoothingEntry: CatalogEntry<{ epsilon?: number }> = {
  aliases: ['label-smoothing'],
  line: 'learns labels, a share of each spread over all classes: the control for soft targets',
  needs: { teacher: 'none', labels: true },
  source: { paper: 'Rethinking the Inception Architecture', venue: 'CVPR', year: 2016 },
  weight: 1,
  labels: 'inside',
  options: { epsilon: { default: 0.1, is: aShare } },
  make: (options) => smoothedLabels(options),
};

export const virtualTeacherEntry: CatalogEntry<VirtualTeacherOptions> = {
  aliases: ['tf-kd'],
  line: 'learns from a teacher made by hand, sure of the label and even on all other classes',
  needs: { teacher: 'none', labels: true },
  source: { paper: 'Revisiting Knowledge Distillation via Label Smoothing', venue: 'CVPR', year: 2020 },
  weight: 1,
  labels: 1,
  options: {
    correct: { default: 0.99, is: aShare },
    temperature: { default: 20, is: aTemperature },
  },
  make: (options) => virtualTeacher(options),
};
