import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createEngine,
  custom,
  type Engine,
  labels,
  makeDataset,
  mlp,
  type Objective,
  type Step,
  type TrainedModel,
  type TrainingState,
  type TrainOptions,
  train,
  trainEpochs,
  weightedSum,
} from 'wasm-distill';
import { decodeCheckpoint, encodeCheckpoint } from 'wasm-distill/formats';
import { ops, type Tensor } from 'wasm-distill/graph';
import type { Memory } from 'wasm-distill/objectives';
import { expectClose } from '../support/golden-values.ts';
import { numbers } from '../support/numbers.ts';
import { remembering } from '../support/remembering.ts';
import { stoppedAfter } from '../support/stopped.ts';

const SIZE = 7;
const INPUTS = 3;
const CLASSES = 2;
const BATCH = 3;
const EPOCHS = 4;
const RATE = 0.05;

const x = numbers(SIZE * INPUTS, 1, 1);
const data = makeDataset({
  inputs: { shape: [INPUTS], values: x },
  labels: Int32Array.from({ length: SIZE }, (_, i) => i % CLASSES),
  classes: CLASSES,
});
const architecture = mlp([INPUTS, CLASSES]);
const initial: TrainedModel = {
  architecture,
  weights: new Map([
    ['logits.weight', numbers(INPUTS * CLASSES, 2, 1)],
    ['logits.bias', numbers(CLASSES, 3, 1)],
  ]),
};
const begins = numbers(SIZE * CLASSES, 4, 1);
/** Two of a batch may be one sample; the last batch has one, and is padded. */
const order = (epoch: number) =>
  Int32Array.of(...[epoch, 3, 3], ...[6, 2, (epoch * 5) % SIZE], ...[(epoch * 3 + 1) % SIZE]);
const options: TrainOptions = {
  ...{ architecture, data, initial, order, epochs: EPOCHS, batch: BATCH, seed: 1 },
  objective: remembering({ classes: CLASSES, initial: begins }),
  recipe: { rate: RATE, schedule: 'constant', optimizer: { kind: 'sgd', momentum: 0 } },
};

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 2 });
});
afterAll(() => engine.close());

/** A whole training: its model, the loss of each epoch, and its last state. */
async function trained(on: Engine, given: TrainOptions, resume?: TrainingState) {
  const losses: number[] = [];
  let state: TrainingState | undefined;
  let model: TrainedModel | undefined;
  const onCheckpoint = (reached: TrainingState) => {
    state = reached;
  };
  for await (const epoch of trainEpochs(on, given, { onCheckpoint, resume })) {
    losses.push(epoch.loss);
    model = epoch.model;
  }
  return { losses, model: model!, tensors: state!.tensors };
}

/** The same training of a linear network in plain JavaScript. */
function trainedPlainly() {
  const [weight, bias] = [...initial.weights.values()].map((values) => [...values]) as [number[], number[]];
  const own = [...begins];
  const losses: number[] = [];
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    let total = 0;
    for (let first = 0; first < SIZE; first += BATCH) {
      const [old, slopes] = [[...own], { weight: weight.map(() => 0), bias: bias.map(() => 0) }];
      for (const sample of order(epoch).subarray(first, first + BATCH))
        for (let c = 0; c < CLASSES; c++) {
          const pixels = x.subarray(sample * INPUTS, (sample + 1) * INPUTS);
          const z = pixels.reduce((sum, v, i) => sum + v * weight[i * CLASSES + c]!, bias[c]!);
          const before = old[sample * CLASSES + c]!;
          total += (z - before) ** 2 / SIZE;
          own[sample * CLASSES + c] = 0.5 * before + 0.5 * z;
          const slope = (2 * (z - before)) / BATCH;
          slopes.bias[c]! += slope;
          for (const [i, v] of pixels.entries()) slopes.weight[i * CLASSES + c]! += slope * v;
        }
      for (const [i, slope] of slopes.weight.entries()) weight[i]! -= RATE * slope;
      for (const [c, slope] of slopes.bias.entries()) bias[c]! -= RATE * slope;
    }
    losses.push(total);
  }
  return { weight, bias, own, losses };
}

describe('an objective that remembers', () => {
  test('computes what plain JavaScript does: losses, weights and memory', async () => {
    const { losses, model, tensors } = await trained(engine, options);
    const expected = trainedPlainly();
    expectClose(losses, expected.losses, 1e-5, 'loss');
    expectClose(model.weights.get('logits.weight')!, expected.weight, 1e-5, 'weight');
    expectClose(tensors.get('memory.own')!, expected.own, 1e-5, 'memory');
    // It is of the training, not of the student.
    expect([...model.weights.keys()]).toEqual([...initial.weights.keys()]);
  });

  test('has the same bits with 1, 2 and 3 threads', async () => {
    const found = [];
    for (const threads of [1, 2, 3]) {
      await using own = await createEngine({ threads });
      found.push((await trained(own, options)).tensors);
    }
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
  });

  test.each([1, 4, 5, 8, 11])('goes on from a checkpoint after step %i to the same bits', async (step) => {
    const whole = await trained(engine, options);
    const file = encodeCheckpoint(await stoppedAfter(step, engine, options), 'run');
    const resumed = await trained(engine, options, decodeCheckpoint(file, 'run', 'a file'));
    expect(resumed.tensors).toEqual(whole.tensors);
  });

  test('begins with zeros unless told', async () => {
    const objective = remembering({ classes: CLASSES });
    const still = { ...options, objective, epochs: 1, recipe: { rate: 1e-30 } };
    const { tensors } = await trained(engine, { ...still, order: () => Int32Array.of(4, 0, 1) });
    const own = tensors.get('memory.own')!;
    for (const sample of [2, 3, 5, 6]) expect([...own.subarray(2 * sample, 2 * sample + 2)]).toEqual([0, 0]);
    for (const sample of [0, 1, 4]) expect(own[2 * sample]).not.toBe(0);
  });

  test('is told the student and how many samples there are', async () => {
    const objective = custom({
      memory: (student, samples) => {
        expect([student.layers, samples]).toEqual([architecture.layers, SIZE]);
        return { count: { shape: [] } };
      },
      loss: ({ student, memory, remember }) => {
        remember('count', ops.shift(memory.count!, 1));
        return ops.sum(ops.square(student.logits), 1);
      },
    });
    const { tensors } = await trained(engine, { ...options, objective });
    expect([...tensors.get('memory.count')!]).toEqual([12]);
  });
});

describe('memory in a weighted sum', () => {
  const still = { ...options, epochs: 2, recipe: { rate: 1e-30 } };

  test('is each term’s own, even where two are called alike, also in sums of sums', async () => {
    const [one, other] = [0.5, 0.75].map((momentum) =>
      remembering({ classes: CLASSES, momentum, initial: begins }),
    ) as [Objective, Objective];
    const of = (objective: Objective) => trained(engine, { ...still, objective });
    const [first, second, hard] = [await of(one), await of(other), await of(labels())];
    const { tensors, losses } = await of(weightedSum([1, one], [1, weightedSum([1, labels()], [2, other])]));
    expect(tensors.get('memory.0.own')).toEqual(first.tensors.get('memory.own'));
    expect(tensors.get('memory.1.1.own')).toEqual(second.tensors.get('memory.own'));
    expect(first.tensors.get('memory.own')).not.toEqual(second.tensors.get('memory.own'));
    losses.forEach((loss, i) => {
      expect(loss).toBeCloseTo(hard.losses[i]! + first.losses[i]! + 2 * second.losses[i]!, 4);
    });
  });

  test('goes on from a checkpoint, too', async () => {
    const objective = weightedSum([1, labels()], [1, remembering({ classes: CLASSES, initial: begins })]);
    const summed = { ...options, objective };
    const resumed = await trained(engine, summed, await stoppedAfter(4, engine, summed));
    expect(resumed.tensors).toEqual((await trained(engine, summed)).tensors);
  });
});

describe('refused in a sentence', () => {
  const refused = (objective: Objective, sentence: string, more: Partial<TrainOptions> = {}) =>
    expect(train(engine, { ...options, ...more, objective })).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringContaining(sentence),
    });
  const squares = ({ student }: Step): Tensor => ops.sum(ops.square(student.logits), 1);

  test.each<[unknown, string]>([
    [3, 'the memory of an objective must be { shape, initial } by names, not 3'],
    [{ own: 3 }, 'the options of memory own must be an object, not 3'],
    [{ own: { shape: [0, 2] } }, 'memory own: shape [0,2] must be positive whole numbers'],
    [{ own: { shape: [2], begin: 0 } }, 'memory own has no option begin: there are shape, initial'],
    [
      { own: { shape: [7, 2], initial: new Float32Array(7) } },
      'memory own of shape [7,2] begins with 14 numbers, not 7',
    ],
    [
      { own: { shape: [2], initial: [0, 0] } },
      'the initial numbers of memory own must be a Float32Array, not an array of 2',
    ],
    [
      { own: { shape: [2], initial: Float32Array.of(0, Number.NaN) } },
      'number 1 that memory own begins with is NaN',
    ],
  ])('memory %o', async (memory, sentence) => {
    for (const given of [memory, () => memory])
      await refused(custom({ memory: given as Record<string, Memory>, loss: squares }), sentence);
  });

  test.each<[string, (step: Step) => void, string]>([
    ['nothing written', () => {}, "memory own is never written: call remember('own', …)"],
    [
      'a name that there isn’t',
      ({ remember }) => remember('owm', ops.fill(0, [7, 2])),
      'the objective remembers owm, but its memory has own',
    ],
    [
      'rows of another width',
      ({ remember, samples }) => remember('own', ops.fill(0, [3, 4]), samples),
      "writeRows: [3,4] isn't 3 rows of memory.own [7,2], which are [3,2]",
    ],
    [
      'less than all of it',
      ({ remember }) => remember('own', ops.fill(0, [3, 2])),
      "assign: [3,2] doesn't fit memory.own [7,2]",
    ],
  ])('%s', async (_, told, sentence) => {
    const loss = (step: Step) => {
      told(step);
      return squares(step);
    };
    await refused(custom({ memory: { own: { shape: [7, 2] } }, loss }), sentence);
  });

  test('a name that a layer has: checkpoints tell them by names', async () => {
    const layers = [{ name: 'memory.own', dense: CLASSES }];
    const objective = custom({
      memory: { 'own.weight': { shape: [] } },
      loss: ({ student, memory, remember }) => {
        remember('own.weight', ops.shift(memory['own.weight']!, 1));
        return ops.sum(ops.square(student.logits), 1);
      },
    });
    const named = { architecture: { input: { shape: [INPUTS] }, layers }, initial: undefined };
    await refused(objective, 'two parameters are called memory.own.weight', named as Partial<TrainOptions>);
  });

  test('a checkpoint without it', async () => {
    const state = await stoppedAfter(4, engine, { ...options, objective: custom(squares) });
    const rejected = train(engine, options, { resume: state });
    await expect(rejected).rejects.toMatchObject({
      code: 'mismatch',
      message: 'the checkpoint has no memory.own [7,2]: it belongs to another run',
    });
  });
});
