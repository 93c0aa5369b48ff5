import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createEngine,
  type Engine,
  evaluate,
  type TrainedModel,
  type TrainOptions,
  train,
} from 'wasm-distill';
import { ops } from 'wasm-distill/graph';
import { custom, gradientAttention, labels, type Objective, weightedSum } from 'wasm-distill/objectives';
import { parseShorthand } from '#library/nn/shorthand.js';
import { syntheticData } from '../support/golden.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 2 });
});
afterAll(() => engine.close());

const data = syntheticData(90);
const { architecture } = parseShorthand('12x12x1 conv3 res4s2 gap dense10');
const base: TrainOptions = { architecture, data, epochs: 2, seed: 3, batch: 30 };

/** The network as it begins: a loss that depends on no parameter moves none. */
const begun = () => {
  const still = custom({ loss: ({ inputs }) => ops.mean(ops.reshape(inputs, [30, 144]), 1) });
  return train(engine, { ...base, objective: still });
};

/** The parameters that are others than before. */
function moved(before: TrainedModel, after: TrainedModel): string[] {
  return [...after.weights]
    .filter(([name, values]) => values.some((v, i) => v !== before.weights.get(name)![i]))
    .map(([name]) => name);
}

test('what is frozen stays as it began, running statistics too, and runs as in inference', async () => {
  const [before, after] = [await begun(), await train(engine, { ...base, frozen: ['0', '1', '3'] })];
  const still = [...before.weights.keys()].filter((name) => /^[013]\./.test(name));
  expect(still.length).toBeGreaterThan(8);
  const stays = moved(before, after).filter((name) => still.includes(name));
  // The first training moved the running statistics.
  expect(stays.every((name) => /mean|variance/.test(name))).toBe(true);
  for (const name of still.filter((one) => one.endsWith('variance')))
    expect([...after.weights.get(name)!]).toEqual([...after.weights.get(name)!].fill(1));
  expect(moved(before, after)).toContain(`${architecture.layers.length - 1}.weight`);
});

describe('a block by its name', () => {
  const named = parseShorthand('12x12x1 conv3@low res4s2@mid pre4@high gap dense6@flat dense10').architecture;
  const options = { ...base, architecture: named };
  const still = custom({ loss: ({ inputs }) => ops.mean(ops.reshape(inputs, [30, 144]), 1) });

  test.each(['low', 'mid', 'high', 'flat'])(
    '%s stays with all of its layers, and they alone',
    async (block) => {
      const frozen = [block];
      const before = await train(engine, { ...options, frozen, objective: still });
      const names = moved(before, await train(engine, { ...options, frozen }));
      const inside = [...before.weights.keys()].filter((name) => name.startsWith(`${block}.`));
      expect(inside.length).toBeGreaterThan(4);
      expect(names.filter((name) => inside.includes(name))).toEqual([]);
      for (const other of ['low', 'mid', 'high', 'flat'].filter((one) => one !== block))
        expect(names.some((name) => name.startsWith(`${other}.`))).toBe(true);
    },
  );

  test('is trained up to its end', async () => {
    // Its layers in another order than shorthand has them.
    const turned = parseShorthand(
      '12x12x1 nobn dense8bare@a dense7bare@a.more dense6bare@b dense10',
    ).architecture;
    const [before, after] = await Promise.all(
      [still, labels()].map((objective) =>
        train(engine, { ...options, architecture: turned, upTo: 'a', objective }),
      ),
    );
    expect(moved(before!, after!).sort()).toEqual(['a.bias', 'a.more.bias', 'a.more.weight', 'a.weight']);
  });

  test('has batch norm that gradient attention takes', async () => {
    const objective = gradientAttention({ teacher: await train(engine, { ...options, epochs: 1 }) });
    const learns = (frozen: readonly string[]) =>
      train(engine, { ...options, epochs: 1, objective, architecture: normed, frozen });
    const normed = parseShorthand('12x12x1 conv3@low gap dense10').architecture;
    await expect(learns([])).rejects.toThrow(/batch norm \(low.norm\) mixes the samples/);
    await expect(learns(['low'])).resolves.toBeDefined();
  });
});

test('a network trained up to a layer moves the layers before it and it alone', async () => {
  const objective = custom({
    loss: ({ student }) => ops.mean(ops.mean(ops.mean(ops.square(student.at('2')), 3), 2), 1),
  });
  const [before, after] = [await begun(), await train(engine, { ...base, objective, upTo: '2' })];
  const names = moved(before, after).filter((name) => !/mean|variance/.test(name));
  expect(names.sort()).toEqual(['0.weight', '1.scale', '1.shift'].sort());
});

test('what is no layer, and a network with nothing left to learn, are refused', async () => {
  for (const [options, message] of [
    [{ upTo: '17' }, 'there is no layer "17" in the network: there are 0, 1, 2'],
    [{ frozen: ['nine'] }, 'there is no layer "nine"'],
    [{ frozen: '0' }, 'frozen must be a list'],
    [{ frozen: architecture.layers.map((_, i) => String(i)) }, 'no layer with weights is left to learn'],
  ] as const)
    await expect(train(engine, { ...base, ...(options as object) })).rejects.toThrow(message);
});

describe('a step', () => {
  /** The mean losses of each step, as one epoch's. */
  const lossOf = async (objective: Objective, more: Partial<TrainOptions> = {}) => {
    let sum = 0;
    const { trainEpochs } = await import('wasm-distill');
    for await (const { loss } of trainEpochs(engine, { ...base, epochs: 4, objective, ...more }))
      sum += loss / 4;
    return sum;
  };
  const one = custom({ loss: ({ student }) => ops.shift(ops.scale(ops.mean(student.logits, 1), 0), 1) });

  test('of a ramp: the mean weight over twelve steps from 4 to 0 is 4·(1 − 5.5/12), or half as far 4·(1 − 2.5/6)/2', async () => {
    expect(await lossOf(weightedSum([{ from: 4, to: 0 }, one]))).toBeCloseTo(4 * (1 - 5.5 / 12), 5);
    expect(await lossOf(weightedSum([{ from: 4, to: 0, until: 0.5 }, one]))).toBeCloseTo(
      2 * (1 - 2.5 / 6),
      5,
    );
    expect(() => weightedSum([{ from: 1, to: 0, until: 0 }, labels()])).toThrow('until must be a share');
  });

  test('runs the student on other inputs too: on its own it is the same', async () => {
    const same = custom({
      loss: ({ student, forward, inputs }) =>
        ops.sum(ops.abs(ops.subtract(student.logits, forward(inputs).logits)), 1),
    });
    expect(await lossOf(same)).toBe(0);
  });

  test('has helpers made for its student', async () => {
    const regression = custom({
      helpers: ({ layers }) => ({ own: parseShorthand(`10 dense${layers.length}`).architecture }),
      loss: ({ student, helpers }) =>
        ops.sum(ops.square(helpers.own!.forward(student.logits, 'train').logits), 1),
    });
    const model = await train(engine, { ...base, objective: weightedSum([1, labels()], [0.1, regression]) });
    expect((await evaluate(engine, model, data)).errors).toBeGreaterThanOrEqual(0);
    expect([...model.weights.keys()].some((name) => name.startsWith('helper'))).toBe(false);
  });
});
