// Works on objectives: a training step of a small student that learns from a convolutional teacher in the step, as the
// experiment three-percent trains it.
import { architectures, describe } from './layers.mjs';
import * as network from './network.mjs';

/** A convolution without padding, batch norm unless it is bare, ReLU. */
const unit = (filters, stride, bare) => [
  { conv: filters, kernel: 5, stride, pad: 0, bias: bare },
  ...(bare ? [] : [{ norm: 'batch' }]),
  { relu: true },
];

const student = (bare) => ({
  input: { shape: [28, 28, 1] },
  layers: [...unit(4, 2, bare), ...unit(12, 1, bare), { pool: 2 }, { flatten: true }, { dense: 10 }],
});

/** A teacher whose maps have as many channels as the student's. */
const even = {
  input: { shape: [28, 28, 1] },
  layers: [...unit(4, 1), { pool: 2 }, ...unit(12, 1), { pool: 2 }, { flatten: true }, { dense: 10 }],
};

/** The loss is the cross-entropy with labels + weight·the objective's; of kd as loss.mjs has it. */
const work = (objective, { bare = false, teacher = architectures.lenet } = {}) => ({
  form: 'objective',
  kind: 'train',
  weights: 'f32',
  architecture: student(bare),
  teacher,
  objective,
  batch: 100,
  lr: 0.01,
  momentum: 0.9,
});

const kd = { kind: 'kd', temperature: 4, alpha: 0.1 };
/** Maps of 12 × 12 and of 8 × 8, by the places of layers. */
const layers = [
  { student: '2', teacher: '3' },
  { student: '5', teacher: '6' },
];

const evenLayers = [
  { student: '2', teacher: '2' },
  { student: '6', teacher: '6' },
];

export const configs = {
  'objective-kd': work(kd),
  'objective-kd-bare': work(kd, { bare: true }),
  'objective-kd-even': work(kd, { teacher: even }),
  'objective-decoupled': work({ kind: 'decoupled', weight: 1, temperature: 4 }),
  'objective-dist': work({ kind: 'dist', weight: 1 }),
  'objective-standardized': work({ kind: 'standardized', weight: 1, temperature: 2 }),
  'objective-logits': work({ kind: 'logits', weight: 0.1 }),
  'objective-hints': work({ kind: 'hints', weight: 0.01, guided: '5', hint: '6' }),
  'objective-fsp': work({ kind: 'fsp', weight: 1, layers: evenLayers }, { teacher: even }),
  'objective-attention': work({ kind: 'attention', weight: 1, layers }),
  'objective-similarity': work({ kind: 'similarity', weight: 30 }),
  'objective-probabilistic': work({ kind: 'probabilistic', weight: 300 }),
  'objective-congruence': work({ kind: 'congruence', weight: 10 }),
  'objective-relational': work({ kind: 'relational', weight: 1, distance: 25, angle: 50 }),
  'objective-darkrank': work({ kind: 'darkrank', weight: 1 }),
  'objective-verification': work({ kind: 'verification', weight: 1 }),
  'objective-triplet': work({ kind: 'triplet', weight: 1 }),
  'objective-mutual': work({ kind: 'mutual', weight: 1 }),
  'objective-self-distillation': work({ kind: 'self-distillation', weight: 1, layers: ['2'] }),
  'objective-gradient': work({ kind: 'gradient', weight: 1 }, { bare: true }),
  'objective-symmetric': work({ kind: 'symmetric', weight: 1 }, { bare: true }),
};

/** The student's parameters, the teacher's, then the batch as of networks. */
export function arraysOf({ teacher, ...config }, take) {
  const ofTeacher = describe(teacher).parameters;
  return {
    teacher: ofTeacher.map((parameter) => ({ ...parameter, values: take(sizeOf(parameter.shape)) })),
    ...network.arraysOf(config, take),
  };
}

const sizeOf = (shape) => shape.reduce((all, n) => all * n, 1);

export function fill({ config, arrays: { teacher, parameters, ...batch } }, random) {
  network.fill({ config, arrays: { parameters: [...teacher, ...parameters], ...batch } }, random);
}

/** The recorded losses: PyTorch's in float64, of those objectives that its peer has. */
export const losses = network.losses;
