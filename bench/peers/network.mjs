// Works on convolutional networks: a training step or an inference of an architecture.
import { architectures, describe } from './layers.mjs';
import { descend, distillation } from './loss.mjs';
import { recordedLosses } from './recorded.mjs';
import { inferred, trained } from './tape.mjs';

const work = (kind, name, batch) => ({
  form: 'network',
  kind,
  weights: 'f32',
  architecture: architectures[name],
  batch,
  lr: 0.01,
  momentum: 0.9,
  temperature: 20,
  alpha: 0.1,
});

export const configs = {
  vgg: work('train', 'vgg', 100),
  'vgg-256': work('train', 'vgg', 256),
  'vgg-dry': work('train', 'vgg-dry', 4),
  // For a peer whose step of 100 would take half a minute.
  'vgg-10': work('train', 'vgg', 10),
  resnet8: work('train', 'resnet8', 100),
  'resnet8-dry': work('train', 'resnet8-dry', 4),
  lenet: work('train', 'lenet', 100),
  'infer-squeezenet-1': work('infer', 'squeezenet', 1),
  'infer-resnet8-1': work('infer', 'resnet8', 1),
  'infer-resnet8-int8-1': { ...work('infer', 'resnet8', 1), weights: 'int8' },
};

const sizeOf = (shape) => shape.reduce((all, n) => all * n, 1);

/** Parameters in the network's order, then the batch. */
export function arraysOf({ architecture, batch }, take) {
  const { parameters, classes } = describe(architecture);
  return {
    parameters: parameters.map(({ name, shape, role, fanIn }) => ({
      name,
      shape,
      role,
      fanIn,
      values: take(sizeOf(shape)),
    })),
    x: take(batch * sizeOf(architecture.input.shape)),
    soft: take(batch * classes),
    labels: take(batch),
  };
}

/** Only sums and products, which are exact everywhere: the answers to trainings are recorded. */
export function fill({ config, arrays: { parameters, x, soft, labels } }, random) {
  for (const { role, fanIn, values } of parameters) {
    const limit = Math.sqrt(6 / fanIn);
    const draw = {
      weight: () => (2 * random() - 1) * limit,
      // Not zero and not one, so that a peer that forgets any of them is found out.
      bias: () => 0.2 * random() - 0.1,
      shift: () => 0.2 * random() - 0.1,
      scale: () => 0.8 + 0.4 * random(),
      mean: () => 0.2 * random() - 0.1,
      variance: () => 0.5 + random(),
    }[role];
    for (let i = 0; i < values.length; i++) values[i] = draw();
  }
  for (let i = 0; i < x.length; i++) x[i] = 2 * random() - 1;
  const classes = soft.length / config.batch;
  for (let row = 0; row < config.batch; row++) {
    labels[row] = Math.floor(random() * classes);
    const weights = Array.from({ length: classes }, () => random() ** 2);
    const sum = weights.reduce((a, b) => a + b);
    for (let i = 0; i < classes; i++) soft[row * classes + i] = weights[i] / sum;
  }
}

/** The recorded losses: float64 in plain JavaScript takes some seconds a step. */
export function losses(work, steps) {
  const recorded = recordedLosses(work, steps);
  if (!recorded)
    throw new Error(`the losses of ${work.config.name} aren't recorded: node bench/peers/reference.mjs`);
  return recorded;
}

/** The losses computed anew. */
export function computedLosses(work, steps) {
  const { config, arrays } = work;
  const parameters = new Map(
    arrays.parameters.map(({ name, values }) => [
      name,
      { w: Float64Array.from(values), v: new Float64Array(values.length) },
    ]),
  );
  const valueAt = (name) => parameters.get(name).w;
  return Array.from({ length: steps }, () => {
    const { logits, gradients } = trained(config, arrays.x, valueAt);
    const { loss, gradient } = distillation(work, logits);
    for (const [name, slope] of gradients(gradient)) {
      const { w, v } = parameters.get(name);
      descend(w, slope, v, 1, config);
    }
    return loss;
  });
}

/** The logits [batch, classes] of an inference: batch norm by its running statistics. */
export function outputs({ config, arrays }) {
  const parameters = new Map(arrays.parameters.map(({ name, values }) => [name, values]));
  return inferred(config, arrays.x, (name) => parameters.get(name));
}
