import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createEngine,
  distillation,
  type Engine,
  labels,
  makeDataset,
  mlp,
  parseShorthand,
  softTargets,
  type TrainedEpoch,
  type TrainingState,
  type TrainingWarning,
  type TrainOptions,
  train,
  trainEpochs,
  weightsSha256,
} from 'wasm-distill';
import { collapseWarning, excessOf, isCollapsed, looksForSilence } from '#library/train/health.js';
import { silences } from '#library/train/silence.js';
import { syntheticData } from '../support/golden.ts';
import { randomlyTrained } from '../support/models.ts';

const data = syntheticData(500);
const base: TrainOptions = { architecture: mlp([144, 24, 16, 10]), data, epochs: 10, seed: 5, batch: 25 };
let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 2 });
});
afterAll(() => engine.close());

/** The last epoch of a run, and what it was warned of. */
async function told(
  more: Partial<TrainOptions>,
  resume?: TrainingState,
): Promise<{ last: TrainedEpoch; warnings: TrainingWarning[] }> {
  const warnings: TrainingWarning[] = [];
  const control = { onWarning: (warning: TrainingWarning) => void warnings.push(warning), resume };
  let last: TrainedEpoch | undefined;
  for await (const epoch of trainEpochs(engine, { ...base, ...more }, control)) last = epoch;
  return { last: last!, warnings };
}

describe('a training that goes well', () => {
  test('is told nothing of, on labels, soft targets, and with a softmax at 20', async () => {
    const teacher = await train(engine, base);
    const soft = await softTargets(engine, [teacher], data, { temperature: 20 });
    for (const objective of [
      labels(),
      labels({ temperature: 20 }),
      distillation({ soft, temperature: 20 }),
      distillation({ soft, temperature: 20, form: 'two-term' }),
      distillation({ soft, temperature: 20, form: 'sum' }),
    ]) {
      const { last, warnings } = await told({ objective });
      expect([warnings, last.collapsed], JSON.stringify(objective.spec)).toEqual([[], undefined]);
    }
  });

  test('has the same weights whether it is watched or not', async () => {
    const { last } = await told({});
    expect(await weightsSha256(last.model)).toBe(await weightsSha256(await train(engine, base)));
  });
});

describe('a training that dies', () => {
  test('blown up: a silent layer at a tenth, the loss at 30 %, and a mark at the end', async () => {
    const { last, warnings } = await told({ recipe: { rate: 30 } });
    expect(warnings).toMatchObject([
      { kind: 'silent', epoch: 1, epochs: 10 },
      { kind: 'collapsed', epoch: 3, epochs: 10 },
    ]);
    expect(warnings[0]!.sentence).toMatch(
      /^after epoch 1 of 10 \d+ % of the units of layer layer\d answer 0 to every sample, and can't learn any more: stop it, and use the default recipe/,
    );
    expect(warnings[1]!.sentence).toMatch(
      /^after epoch 3 of 10 the network has learned almost nothing \(its loss is [\d.]+, and always answering the same gives 2.29\): unless the labels/,
    );
    expect(last.collapsed).toBe(true);
  });

  test('on soft targets too', async () => {
    const soft = await softTargets(engine, [await train(engine, base)], data, { temperature: 4 });
    const { last, warnings } = await told({
      objective: distillation({ soft, temperature: 4 }),
      recipe: { rate: 10 },
    });
    expect(warnings.map(({ kind }) => kind)).toContain('collapsed');
    expect(warnings.at(-1)!.sentence).not.toContain('unless');
    expect(last.collapsed).toBe(true);
  });

  test('stalled: without a silent layer, by the loss alone', async () => {
    const { last, warnings } = await told({ recipe: { rate: 1e-4 } });
    expect(warnings).toMatchObject([{ kind: 'collapsed', epoch: 3 }]);
    expect(warnings[0]).toMatchObject({ excess: expect.closeTo(1, 0) });
    expect(last.collapsed).toBe(true);
  });

  test('is marked when it goes on from its checkpoint, at the end too', async () => {
    const states: TrainingState[] = [];
    const recipe = { rate: 1e-4 };
    const control = { onCheckpoint: (state: TrainingState) => void states.push(state) };
    for await (const _ of trainEpochs(engine, { ...base, recipe }, control));
    const fromHalf = await told({ recipe }, states[4]);
    expect(fromHalf.warnings).toMatchObject([{ kind: 'collapsed', epoch: 10 }]);
    expect(fromHalf.last.collapsed).toBe(true);
    const fromEnd = await told({ recipe }, states.at(-1));
    expect([fromEnd.warnings, fromEnd.last.collapsed]).toEqual([[], true]);
  });

  test('in few steps, told at the end only', async () => {
    const { warnings } = await told({ batch: 50, recipe: { rate: 1e-4 } });
    expect(warnings).toMatchObject([{ kind: 'collapsed', epoch: 10 }]);
  });

  test('in one epoch, whose last batch isn’t full', async () => {
    const { last, warnings } = await told({ epochs: 1, batch: 64, recipe: { rate: 1e-6 } });
    expect(warnings).toMatchObject([{ kind: 'collapsed', epoch: 1 }]);
    // So few steps are all taken, and their mean is the epoch's: padding doesn't dilute it.
    const excess = last.loss / labels().bounds!(data)!.constant;
    expect(warnings[0]).toMatchObject({ excess: expect.closeTo(excess, 6) });
    expect(last.collapsed).toBe(true);
  });

  test('isn’t told where samples come in an order of one’s own', async () => {
    const order = () => Int32Array.from({ length: 500 }, (_, i) => i);
    const { last, warnings } = await told({ order, recipe: { rate: 1e-4 } });
    expect([warnings, last.collapsed]).toEqual([[], undefined]);
  });
});

describe('how silent layers are', () => {
  test('in a perceptron: units whose answers are 0 for every sample', async () => {
    const model = randomlyTrained(mlp([144, 24, 16, 10]));
    const before = await silences(engine, model, data);
    expect(before.map(({ layer }) => layer)).toEqual(['layer1', 'layer2']);
    for (const { share } of before) expect(share).toBeLessThan(0.5);
    model.weights.get('layer2.dense.bias')!.fill(-1e6, 0, 14);
    const [first, second] = await silences(engine, model, data);
    expect(first).toEqual(before[0]);
    expect(second!.share).toBeGreaterThanOrEqual(14 / 16);
  });

  test('in convolutional networks: channels, with batch norm by the batch', async () => {
    const { architecture } = parseShorthand('12x12x1 conv8k3 res8 gap dense10');
    const model = await train(engine, { ...base, architecture, epochs: 1 });
    const before = await silences(engine, model, data);
    expect(before.length).toBeGreaterThan(2);
    for (const { share } of before) expect(share).toBeLessThanOrEqual(0.5);
    // Running statistics aren't read: a step of training doesn't either.
    for (const [name, values] of model.weights) if (/mean|variance/.test(name)) values.fill(1e6);
    expect(await silences(engine, model, data)).toEqual(before);
  });

  test('nowhere where there is no ReLU; fewer samples than 100 are enough', async () => {
    const { architecture } = parseShorthand('12x12x1 tanh dense10');
    expect(await silences(engine, randomlyTrained(architecture), data)).toEqual([]);
    const few = makeDataset({ inputs: { shape: [144], values: new Float32Array(144).fill(1) }, labels: [3] });
    const [layer] = await silences(engine, randomlyTrained(mlp([144, 24, 10])), few);
    expect(layer!.share).toBeGreaterThan(0);
    expect(layer!.share).toBeLessThan(1);
  });
});

describe('when and from what on it is told', () => {
  const soft = { least: 1, constant: 2, hard: 0 };

  test('at 30 %, at half and at the end, however many epochs there are', () => {
    const marks = (epochs: number, loss: number) =>
      Array.from({ length: epochs }, (_, i) => i + 1).filter((epoch) =>
        collapseWarning({ epoch, epochs, steps: 200, loss }, soft),
      );
    expect([1, 2, 3, 4, 8, 10, 100].map((epochs) => marks(epochs, 2))).toEqual([
      [1],
      [1, 2],
      [1, 2, 3],
      [2, 4],
      [3, 4, 8],
      [3, 5, 10],
      [30, 50, 100],
    ]);
    expect(marks(10, 1.6)).toEqual([5, 10]);
    expect(marks(10, 1.49)).toEqual([]);
    expect([1, 4, 8, 10, 25].map((n) => [1, 2, 3].filter((epoch) => looksForSilence(epoch, n)))).toEqual([
      [1],
      [1],
      [1],
      [1],
      [3],
    ]);
  });

  test('labels alone only where the answer is almost constant', () => {
    const hard = { least: 0, constant: 1, hard: 1 };
    expect([0.85, 0.95].map((loss) => isCollapsed(loss, 200, hard))).toEqual([false, true]);
    expect([0.45, 0.55].map((loss) => isCollapsed(loss, 200, { ...hard, hard: 0 }))).toEqual([false, true]);
  });

  test('in brief runs only what hardly differs from a constant answer', () => {
    const losses = [1.58, 1.96, 1.98];
    const brief = { epoch: 3, epochs: 3, steps: 199 };
    expect(losses.map((loss) => isCollapsed(loss, 199, soft))).toEqual([false, false, true]);
    expect(losses.map((loss) => isCollapsed(loss, 199, { ...soft, hard: 1 }))).toEqual([false, false, true]);
    expect(losses.map((loss) => collapseWarning({ ...brief, loss }, soft) !== undefined)).toEqual([
      ...[false, false, true],
    ]);
    expect(collapseWarning({ ...brief, epoch: 2, loss: 2 }, soft)).toBeUndefined();
  });

  test('not where there is nothing to learn', () => {
    expect(excessOf(3, { least: 1, constant: 1, hard: 0 })).toBe(0);
  });
});
