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

/** The loss is the cross-entropy with labels + weight·the objective's; of kd as loss.mjs has it. */
const work = (objective, { bare = false } = {}) => ({
  form: 'objective',
  kind: 'train',
  weights: 'f32',
  architecture: student(bare),
  teacher: architectures.lenet,
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

export const configs = {
  'objective-kd': work(kd),
  'objective-kd-bare': work(kd, { bare: true }),
  'objective-attention': work({ kind: 'attention', weight: 1, layers }),
  'objective-similarity': work({ kind: 'similarity', weight: 30 }),
  'objective-probabilistic': work({ kind: 'probabilistic', weight: 300 }),
  'objective-congruence': work({ kind: 'congruence', weight: 10 }),
  'objective-relational': work({ kind: 'relational', weight: 1, distance: 25, angle: 50 }),
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
