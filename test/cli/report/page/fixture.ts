import { Buffer } from 'node:buffer';
import type { Comparison, Quality } from '../../../../cli/report/comparison.ts';
import type { BySide, Inside } from '../../../../cli/report/inside/inside.ts';
import type { ImageData8, ModelReport, Report } from '../../../../cli/report/report.ts';

export const IMAGE: ImageData8 = {
  height: 2,
  width: 3,
  base64: Buffer.from([0, 1, 2, 253, 254, 255]).toString('base64'),
};

export function model(name: string, layers: number[], testErrors: number, relativeCost: number): ModelReport {
  return {
    name,
    layers,
    parameters: 1275210,
    testErrors,
    weightsSha256: 'ab'.repeat(32),
    relativeCost,
    file: `${name}.safetensors`,
  };
}

export function confusionOf(mistakes: number): number[][] {
  const matrix: number[][] = Array.from({ length: 10 }, (_, truth) =>
    Array.from({ length: 10 }, (_, to) => (truth === to ? 1000 : 0)),
  );
  matrix[4]![9] = mistakes;
  return matrix;
}

export function fixture(changes: Partial<Report> = {}): Report {
  const probabilities = [0.9, 0.0991, 0.0009, 0, 0, 0, 0, 0, 0, 0];
  return {
    config: { temperature: 4, seed: 20150309, 'teacher-hidden': [1200, 1200] },
    environment: {
      backend: 'wasm',
      threads: 2,
      simd: true,
      node: 'v22.0.0',
      platform: 'linux x64',
      version: '0.1.0',
    },
    teachers: [model('teacher 1', [784, 1200, 10], 110, 0.5), model('teacher 2', [784, 1200, 10], 112, 0.5)],
    ensemble: { testErrors: 80, parameters: 2550420 },
    student: {
      hard: model('hard', [784, 800, 10], 128, 0.12),
      distilled: model('distilled', [784, 800, 10], 97, 0.12),
    },
    seconds: { 'train teachers': 245, total: 3725.4 },
    saw: [{ name: 'teachers', samples: 60000, labeled: 60000, epochs: 3, soft: false }],
    warnings: [],
    testSize: 10000,
    curves: ['teacher 1', 'hard', 'distilled'].map((name) => ({
      name,
      points: [1, 2, 3].map((epoch) => ({ epoch, loss: 1 / epoch ** 3, testErrors: 1500 / epoch ** 2 })),
    })),
    confusion: ['ensemble', 'hard', 'distilled'].map((name) => ({ name, matrix: confusionOf(7) })),
    examples: [{ index: 12, label: 0, image: IMAGE, atOne: probabilities, atTemperature: probabilities }],
    misclassified: [{ index: 2345, label: 4, predicted: 9, confidence: 0.873, image: IMAGE }],
    ...changes,
  };
}

const NOBODY = { count: 0, samples: [] };

export const COMPARISON: Comparison & Quality = {
  models: [
    { name: 'elsewhere', role: 'teacher', testErrors: 1000, accuracy: 0.9 },
    {
      ...{ name: 'student, 8 bits', role: 'distilled', bits: 8, testErrors: 850, accuracy: 0.915 },
      ...{ parameters: 1200, bytes: 51_234, milliseconds: { one: 0.0123, batch: 4.56 } },
    },
  ],
  recall: [{ label: 4, class: '4', samples: 100, ensemble: 0.9, hard: 0.8, distilled: 0.85 }],
  confusions: [{ label: 4, predicted: 9, ensemble: 3, hard: 9, distilled: 5 }],
  wrong: {
    both: { count: 40, samples: [{ index: 7, label: 4, ensemble: 9, distilled: 9, image: IMAGE }] },
    ...{ teachersAlone: NOBODY, studentAlone: NOBODY },
  },
};

/** A map of 2 × 3 numbers, the greatest at this place. */
export function mapOf(greatest: number): ImageData8 {
  const bytes = Array.from({ length: 6 }, (_, i) => (i === greatest ? 255 : 10 * i));
  return { height: 2, width: 3, base64: Buffer.from(bytes).toString('base64') };
}

const MAPS: BySide<ImageData8> = { teacher: mapOf(0), distilled: mapOf(2), hard: mapOf(4) };

const SQUARE: ImageData8 = {
  height: 3,
  width: 3,
  base64: Buffer.from([255, 9, 0, 9, 255, 0, 0, 0, 255]).toString('base64'),
};

export const INSIDE: Required<Inside> = {
  stages: [
    {
      objectives: ['fitnets'],
      points: [1, 2, 3].map((epoch) => ({ epoch, loss: 6 / epoch })),
    },
  ],
  maps: [
    {
      of: { teacher: 'conv2', student: 'conv1' },
      samples: [{ index: 12, label: 4, image: IMAGE, maps: MAPS }],
    },
    { of: 'gradients', samples: [{ index: 13, label: 5, image: IMAGE, maps: MAPS }] },
  ],
  relations: (['cosines', 'distances'] as const).map((measure) => ({
    ...{ measure, labels: [4, 4, 9], matrices: { teacher: SQUARE, distilled: SQUARE, hard: SQUARE } },
    ...{ range: [0.123, 1] as [number, number], apart: { distilled: 0.111, hard: 0.222 } },
  })),
  neighbors: {
    searched: 1000,
    first: { teacher: 0.95, distilled: 0.9, hard: 0.5 },
    queries: [
      {
        ...{ index: 7, label: 4, image: IMAGE },
        found: [
          { index: 8, label: 4, image: IMAGE },
          { index: 9, label: 9, image: IMAGE },
        ],
      },
    ],
  },
};
