import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createEngine,
  type Dataset,
  type Engine,
  evaluate,
  mlp,
  predict,
  select,
  type TrainedModel,
  type TrainingState,
  train,
  weightsSha256,
} from 'wasm-distill';
import { score } from 'wasm-distill/data';
import {
  earlyStopped,
  predictWithSpecialists,
  trainSoftSpecialist,
  trainSpecialist,
} from 'wasm-distill/ensemble';
import { halfSpecial, partsOf } from '#library/ensemble/half-special.js';
import { byteInput } from '#library/nn/specs.js';
import { syntheticData } from '../support/golden.ts';

const data = syntheticData(800);
const validation = syntheticData(500);
const special = [2, 5, 7];
const options = { data, epochs: 3, seed: 3, batch: 20, recipe: { rate: 0.03 } };
let engine: Engine;
let generalist: TrainedModel;

beforeAll(async () => {
  engine = await createEngine({ threads: 2 });
  generalist = await train(engine, {
    architecture: mlp([144, 16, 10], { input: byteInput }),
    data,
    epochs: 2,
    seed: 1,
  });
});
afterAll(() => engine.close());

describe('half of every batch is special', () => {
  const parts = partsOf(data, special);
  const order = halfSpecial(parts, 1);

  test('an epoch has each special sample once and as many of the rest, none twice', () => {
    const samples = order(0);
    expect(samples).toHaveLength(2 * parts.special.length);
    samples.forEach((i, at) => {
      expect(special.includes(data.labels[i]!)).toBe(at % 2 === 0);
    });
    expect(new Set(samples).size).toBe(samples.length);
  });

  test('another epoch or seed draws others of the rest, the same the same', () => {
    const rest = (samples: Int32Array) => samples.filter((_, at) => at % 2 === 1).sort();
    expect(order(1)).toEqual(halfSpecial(parts, 1)(1));
    expect(rest(order(1))).not.toEqual(rest(order(0)));
    expect(halfSpecial(parts, 2)(1)).not.toEqual(order(1));
  });

  test('where the rest is the smaller part its samples come again, evenly', () => {
    const few = halfSpecial({ special: Int32Array.of(0, 1, 2, 3, 4, 5, 6), rest: Int32Array.of(7, 8) }, 1);
    const times = [7, 8].map((i) => few(4).filter((sample) => sample === i).length);
    expect(times.sort()).toEqual([3, 4]);
  });
});

describe('a specialist with a dustbin', () => {
  test('starts from the generalist’s weights; the dustbin’s logit is raised by the log of the oversampling', async () => {
    // A rate so small that no weight moves.
    const still = { ...options, epochs: 1, recipe: { rate: 1e-30 } };
    const { model, classes, dustbin } = await trainSpecialist(engine, generalist, {
      ...still,
      classes: [7, 2, 5],
    });
    expect({ classes, dustbin }).toEqual({ classes: special, dustbin: true });
    expect(model.architecture).toEqual(mlp([144, 16, 4], { input: byteInput }));
    for (const name of ['layer1.dense.weight', 'layer1.dense.bias'])
      expect(model.weights.get(name)).toEqual(generalist.weights.get(name));
    const raised = Math.log(data.labels.filter((l) => !special.includes(l)).length / count(special));
    expectOutputs(model, 'logits.weight', 0);
    expectOutputs(model, 'logits.bias', raised);
  });

  /** Special classes' values are the generalist's, the dustbin's are the others' mean and so much more. */
  function expectOutputs(model: TrainedModel, name: string, more: number): void {
    const mine = model.weights.get(name)!;
    const theirs = generalist.weights.get(name)!;
    for (let r = 0; 4 * r < mine.length; r++) {
      const row = [...theirs.subarray(10 * r, 10 * r + 10)];
      special.forEach((c, i) => {
        expect(mine[4 * r + i]).toBe(row[c]);
      });
      const others = row.filter((_, c) => !special.includes(c));
      expect(mine[4 * r + 3]).toBeCloseTo(others.reduce((a, b) => a + b) / 7 + more, 5);
    }
  }

  test('stops early where validation errors rise, and has the weights of the best epoch', async () => {
    const earlyStopping = { validation, patience: 1 };
    const stopped = await trainSpecialist(engine, generalist, {
      ...options,
      classes: special,
      epochs: 40,
      earlyStopping,
    });
    const whole = await trainSpecialist(engine, generalist, { ...options, classes: special, epochs: 40 });
    expect(await weightsSha256(stopped.model)).not.toBe(await weightsSha256(whole.model));
    const again = await trainSpecialist(engine, generalist, {
      ...options,
      classes: special,
      epochs: 40,
      earlyStopping,
    });
    expect(await weightsSha256(again.model)).toBe(await weightsSha256(stopped.model));
  });
});

describe('a specialist by soft targets', () => {
  test('learns the labels of all samples, and T²·CE(soft at T) of those that aren’t special', async () => {
    // One special sample, one of the rest, and a rate so small that the loss is that of the start.
    const pair = select(data, [data.labels.indexOf(2), data.labels.indexOf(0)]);
    const still = { ...options, data: pair, epochs: 1, recipe: { rate: 1e-30 }, temperature: 3 };
    let loss = 0;
    const onCheckpoint = ({ history }: TrainingState) => {
      loss = history[0]!.loss;
    };
    await trainSoftSpecialist(engine, generalist, { ...still, classes: [2] }, { onCheckpoint });
    const hard = await predict(engine, [generalist], pair);
    const soft = (await predict(engine, [generalist], pair, { temperature: 3 })).subarray(10);
    const entropy = soft.reduce((sum, p) => sum - p * Math.log(p), 0);
    expect(loss).toBeCloseTo((9 * entropy - Math.log(hard[2]!) - Math.log(hard[10]!)) / 2, 4);
  });

  test('keeps all classes and what the generalist knows of those that aren’t special', async () => {
    const specialist = await trainSoftSpecialist(engine, generalist, {
      ...options,
      classes: special,
      temperature: 2,
    });
    expect(specialist).toMatchObject({ classes: special, dustbin: false });
    expect(specialist.model.architecture).toEqual(generalist.architecture);
    const rest = (model: TrainedModel) => errorsOf(model, (label) => !special.includes(label));
    expect(await rest(specialist.model)).toBeLessThan((await rest(generalist)) + 40);
    expect(await errorsOf(specialist.model, (label) => special.includes(label))).toBeLessThan(
      await errorsOf(generalist, (label) => special.includes(label)),
    );
  });
});

describe('with their generalist', () => {
  test('specialists for all classes make fewer errors than it alone', async () => {
    const groups = [[0, 1, 3], special, [4, 6, 8, 9]];
    const alone = (await evaluate(engine, generalist, validation)).errors;
    for (const make of [
      (classes: number[]) => trainSpecialist(engine, generalist, { ...options, classes, epochs: 8 }),
      (classes: number[]) =>
        trainSoftSpecialist(engine, generalist, { ...options, classes, epochs: 8, temperature: 2 }),
    ]) {
      const specialists = [];
      for (const classes of groups) specialists.push(await make(classes));
      for (const top of [1, 2]) {
        const together = await predictWithSpecialists(engine, generalist, specialists, validation, { top });
        expect(score(together, validation).errors).toBeLessThan(0.9 * alone);
      }
    }
  });

  test('of which none is there, it alone decides', async () => {
    const { errors } = await evaluate(engine, generalist, validation);
    const together = await predictWithSpecialists(engine, generalist, [], validation);
    expect(score(together, validation).errors).toBe(errors);
  });
});

test('unlabeled samples are of no part: a specialist is the same with them and without', async () => {
  const labeled = select(data, [...Array(400).keys()]);
  const hidden = { ...data, labels: data.labels.map((label, i) => (i < 400 ? label : -1)) };
  for (const make of [
    (some: Dataset) => trainSpecialist(engine, generalist, { ...options, data: some, classes: special }),
    (some: Dataset) =>
      trainSoftSpecialist(engine, generalist, { ...options, data: some, classes: special, temperature: 2 }),
  ]) {
    const [one, other] = [await make(labeled), await make(hidden)];
    expect(await weightsSha256(one.model)).toBe(await weightsSha256(other.model));
  }
});

test('subsets that can’t be special are refused', async () => {
  const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  for (const classes of [[], all, [1, 1], [10], [0.5]])
    await expect(trainSpecialist(engine, generalist, { ...options, classes })).rejects.toThrow(
      /a specialist is for some, not all, of the classes 0 to 9/,
    );
  const none = { ...options, data: { ...data, labels: new Int32Array(data.size) } };
  await expect(
    trainSoftSpecialist(engine, generalist, { ...none, classes: [1], temperature: 2 }),
  ).rejects.toThrow(/of 800 samples 0 are of the classes \[1\]/);
});

describe('early stopping', () => {
  const run = (errors: number[], patience: number) => {
    const ended = { value: 0 };
    async function* epochs() {
      for (let epoch = 1; epoch <= errors.length; epoch++) {
        ended.value = epoch;
        yield { epoch, model: epoch };
      }
    }
    return earlyStopped(epochs(), { errorsOf: async (model) => errors[model - 1]!, patience }).then(
      (best) => ({
        best: best.epoch,
        errors: best.errors,
        ended: ended.value,
      }),
    );
  };

  test('answers the first of the best epochs, and ends when patience is over', async () => {
    expect(await run([9, 7, 8, 7, 7, 1], 3)).toEqual({ best: 2, errors: 7, ended: 5 });
    expect(await run([9, 7, 8, 6, 7, 1], 3)).toEqual({ best: 6, errors: 1, ended: 6 });
    expect(await run([5, 6, 7], 1)).toEqual({ best: 1, errors: 5, ended: 2 });
  });

  test('refuses patience of no epoch, and no epoch at all', async () => {
    for (const patience of [0, 1.5, Number.NaN])
      await expect(run([1], patience)).rejects.toThrow(/patience must/);
    await expect(run([], 1)).rejects.toThrow(/no epoch to choose from/);
  });
});

function count(classes: readonly number[]): number {
  return data.labels.filter((label) => classes.includes(label)).length;
}

async function errorsOf(model: TrainedModel, counted: (label: number) => boolean): Promise<number> {
  const { confusion } = await evaluate(engine, model, validation);
  return confusion.reduce(
    (sum, row, label) => sum + (counted(label) ? row.reduce((a, b) => a + b) - row[label]! : 0),
    0,
  );
}
