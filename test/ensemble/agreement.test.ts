import { describe, expect, test } from 'vitest';
import { createEngine, evaluate, makeDataset, mlp, predict, train } from 'wasm-distill';
import { agreement } from 'wasm-distill/ensemble';
import { syntheticData } from '../support/golden.ts';

const data = makeDataset({
  inputs: { shape: [1], values: new Float32Array(6) },
  labels: [0, 1, 2, 2, -1, 1],
  classes: 3,
});

/** Probabilities of a model that decides so, each time with this certainty. */
function deciding(decisions: readonly number[], certainty: number): Float32Array {
  return Float32Array.from(
    decisions.flatMap((d) => [0, 1, 2].map((c) => (c === d ? certainty : (1 - certainty) / 2))),
  );
}

describe('agreement', () => {
  const models = [
    deciding([0, 1, 1, 0, 2, 0], 0.9),
    deciding([0, 2, 1, 1, 1, 1], 0.5),
    deciding([0, 1, 1, 2, 2, 1], 0.5),
  ];
  const found = agreement(models, data);

  test('counts what each decides, and the mean', () => {
    expect(found).toMatchObject({ size: 6, labeled: 5, errors: [3, 3, 1] });
    // The one that is certain decides samples 3 and 5 for all.
    expect(found.errorsTogether).toBe(3);
  });

  test('counts pairs, and what all or none say', () => {
    expect(found.alike).toEqual([
      [6, 2, 4],
      [2, 6, 3],
      [4, 3, 6],
    ]);
    expect(found).toMatchObject({ unanimous: 2, unanimousErrors: 1, noneRight: 1 });
  });

  test('lists the samples that split them, the most disputed first', () => {
    expect(found.disputed).toEqual([
      { sample: 3, label: 2, decisions: [0, 1, 2], together: 0 },
      { sample: 1, label: 1, decisions: [1, 2, 1], together: 1 },
      { sample: 4, label: -1, decisions: [2, 1, 2], together: 2 },
      { sample: 5, label: 1, decisions: [0, 1, 1], together: 0 },
    ]);
  });

  test('of one model with itself', () => {
    const one = agreement([models[0]!], data);
    expect(one).toMatchObject({ alike: [[6]], unanimous: 6, unanimousErrors: 3, noneRight: 3, disputed: [] });
    expect(one.errorsTogether).toBe(one.errors[0]);
  });

  test('has the errors that evaluate() counts', async () => {
    await using engine = await createEngine({ threads: 2 });
    const set = syntheticData(500);
    const base = { architecture: mlp([144, 12, 10]), data: set, epochs: 1 };
    const trained = await Promise.all([1, 2, 3].map((seed) => train(engine, { ...base, seed })));
    const each = await Promise.all(trained.map((model) => predict(engine, model, set)));
    const { errors, errorsTogether } = agreement(each, set);
    const counted = await Promise.all(trained.map((model) => evaluate(engine, model, set)));
    expect(errors).toEqual(counted.map((one) => one.errors));
    expect(errorsTogether).toBe((await evaluate(engine, trained, set)).errors);
  });

  test('refuses none, and those of other samples', () => {
    expect(() => agreement([], data)).toThrow(/at least one model/);
    expect(() => agreement([models[0]!, new Float32Array(3)], data)).toThrow(
      /model 2 has 3 probabilities, but there are 6 samples of 3 classes/,
    );
    expect(() => agreement([[1, 2]] as never, data)).toThrow(/must be a list of Float32Arrays/);
  });
});
