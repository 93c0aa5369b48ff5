import {
  custom,
  type Dataset,
  distill,
  type Engine,
  labels,
  makeDataset,
  mlp,
  type Objective,
  parseShorthand,
  softTargets,
  type TrainedModel,
  train,
  weightedSum,
  weightsSha256,
} from 'wasm-distill';
import { ops } from 'wasm-distill/graph';

/** Images that a few pixels' brightness tells apart, the same everywhere: no file is needed, so browsers can have them. */
export function syntheticData(size: number, classes = 10, side = 12): Dataset {
  let state = 12345;
  const random = (n: number) => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };
  const truth = Uint8Array.from({ length: size }, () => random(classes));
  const images = new Uint8Array(size * side * side);
  images.forEach((_, i) => {
    const label = truth[Math.floor(i / (side * side))]!;
    const pixel = i % (side * side);
    images[i] = pixel % classes === label ? 100 + random(156) : random(120);
  });
  return makeDataset({
    inputs: { shape: [side, side, 1], values: images },
    labels: truth,
    classes,
    name: 'synthetic',
  });
}

/**
 * Short trainings that use everything random and every reduction: shifts, mirror images, dropout, max-norm, Adam, SGD
 * with the clip of the default recipe, kept soft targets and teachers in the step, a helper, a last batch that isn't full,
 * an odd number of units, convolutions. Answers the hashes of the weights.
 */
export async function trainGolden(engine: Engine): Promise<typeof GOLDEN> {
  const data = syntheticData(533);
  const teacher = await train(engine, {
    architecture: mlp([144, 67, 45, 10], { dropout: { input: 0.1, hidden: 0.3 } }),
    data,
    epochs: 2,
    seed: 1,
    batch: 50,
    recipe: { rate: 0.003, optimizer: { kind: 'adam', decay: 1e-4, maxNorm: 2 }, warmup: 0.1 },
    augment: [{ shift: 2 }],
  });
  const soft = await softTargets(engine, [teacher], data, { temperature: 4 });
  const student = { architecture: mlp([144, 31, 10]), data, epochs: 3, seed: 2, batch: 64 };
  const kept = await distill(engine, { ...student, soft, temperature: 4, unlabeled: 0.3 });
  const inStep = await distill(engine, {
    ...student,
    teachers: [teacher],
    temperature: 2,
    form: 'two-term',
    augment: [{ mirror: true }, { shift: 1 }],
  });
  const hinted = await train(engine, { ...student, objective: hints(teacher) });
  const convolutional = await train(engine, {
    architecture: parseShorthand(CONVOLUTIONAL).architecture,
    data,
    epochs: 2,
    seed: 3,
    batch: 48,
    augment: [{ shift: 2 }],
  });
  const models = [teacher, kept, inStep, hinted, convolutional];
  const [a, b, c, d, e] = await Promise.all(models.map(weightsSha256));
  return { teacher: a!, kept: b!, inStep: c!, hinted: d!, convolutional: e! };
}

/** Every kind of convolution, pool and block, with batch norm and dropout; odd numbers of channels. */
const CONVOLUTIONAL =
  '12x12x1 conv7k5 pool res9 sep13s2 fire4-5-6 convm6-3-5 drop.2 up2 conv8k2s2d2g2 avg2s1 gap dense10';

/** The student's hidden layer, through a helper that learns beside it, is to be the teacher's; and labels. */
function hints(teacher: TrainedModel): Objective {
  const objective = custom({
    name: 'hints',
    teachers: [teacher],
    helpers: { regressor: mlp([31, 67]) },
    loss: ({ student, teachers, helpers }) =>
      ops.mean(
        ops.square(
          ops.subtract(
            helpers.regressor!.forward(student.at('layer1'), 'train').logits,
            teachers[0]!.at('layer1'),
          ),
        ),
        1,
      ),
  });
  return weightedSum([1, labels()], [0.5, objective]);
}

/** What trainGolden answers on every engine, host and number of threads. A change here is a change of the promise. */
export const GOLDEN = {
  teacher: '2020d4bdddc8c02b9c52e49e21f348a1585aecd0f9706f086244f0ffc933a659',
  kept: '396c55db7a88d9eb72e99afe2ebe33bb1aa8c6026192fb5bd548a9639d2a2ac7',
  inStep: '10e5c2173553e038c0cb2cce7adf4f0a5649cae40f98bf67f15ce74175b28151',
  hinted: '9de86f38628a274e06a138e391d7da68fe21687b45e92899b071289903f2222c',
  convolutional: '3598c8e0562513e5167a456788dba5e71de0244c8b9e47c70e5c6994672d54f5',
};
