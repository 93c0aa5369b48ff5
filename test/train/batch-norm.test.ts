import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createEngine,
  custom,
  decodeModel,
  distill,
  type Engine,
  encodeModel,
  parseShorthand,
  predict,
  softTargets,
  type TrainedModel,
  type TrainingState,
  train,
  weightsSha256,
} from 'wasm-distill';
import { ops } from 'wasm-distill/graph';
import { syntheticData } from '../support/golden.ts';

/** Networks with running statistics, which are state: saved and resumed, but not trained. */

let engine: Engine;
let trained: TrainedModel;
const { architecture } = parseShorthand('12x12x1 conv6s2 res8s2 gap dense10');
const data = syntheticData(250);
const options = { architecture, data, epochs: 2, seed: 1, batch: 100 };

beforeAll(async () => {
  engine = await createEngine({ threads: 2 });
  trained = await train(engine, options);
});
afterAll(() => engine.close());

const state = (model: TrainedModel) => [...model.weights].filter(([name]) => /mean|variance/.test(name));

test('running statistics are in the model and its file', async () => {
  expect(state(trained)).toHaveLength(8);
  for (const [, values] of state(trained)) {
    expect(values.every(Number.isFinite)).toBe(true);
    expect(values.some((v) => v !== 0 && v !== 1)).toBe(true);
  }
  const { model } = decodeModel(encodeModel(trained), 'test');
  expect(model.weights).toEqual(trained.weights);
  expect(await predict(engine, [model], data)).toEqual(await predict(engine, [trained], data));
});

test('a resumed run ends with the same', async () => {
  const states: TrainingState[] = [];
  await train(engine, options, { onCheckpoint: (one) => void states.push(one) });
  expect([...states[0]!.tensors.keys()]).toContain('1.mean');
  const resumed = await train(engine, options, { resume: states[0]! });
  expect(await weightsSha256(resumed)).toBe(await weightsSha256(trained));
});

test('further training begins with them', async () => {
  const further = { ...options, epochs: 1, recipe: { rate: 1e-30 } };
  const fresh = new Map([...trained.weights, ['1.mean', new Float32Array(6)]]);
  const models = [trained, { ...trained, weights: fresh }].map((initial) =>
    train(engine, { ...further, initial }),
  );
  const [after, afterZeros] = (await Promise.all(models)).map(({ weights }) => weights.get('1.mean')!);
  // After three steps of which each leaves nine tenths.
  trained.weights.get('1.mean')!.forEach((v, i) => {
    expect(after![i]! - afterZeros![i]!).toBeCloseTo(0.729 * v, 5);
  });
});

test('teachers run with them, in the step as before it', async () => {
  const run = { ...options, temperature: 2, epochs: 1 };
  const soft = await softTargets(engine, [trained], data, { temperature: 2 });
  const kept = await weightsSha256(await distill(engine, { ...run, soft }));
  expect(await weightsSha256(await distill(engine, { ...run, teachers: [trained] }))).toBe(kept);
});

test('those of helpers move too', async () => {
  const objective = custom({
    helpers: { own: parseShorthand('10 dense6 dense4').architecture },
    loss: ({ student, helpers, labels }) => {
      const { logits } = helpers.own!.forward(student.logits, 'train');
      return ops.add(ops.kdLoss(student.logits, { labels }), ops.sum(ops.square(logits), 1));
    },
  });
  let tensors = new Map<string, Float32Array>();
  const onCheckpoint = (one: TrainingState) => {
    tensors = one.tensors;
  };
  await train(engine, { ...options, epochs: 1, objective }, { onCheckpoint });
  expect(tensors.get('helper.own.1.mean')!.every((v) => v !== 0)).toBe(true);
  expect(tensors.get('helper.own.1.variance')!.every((v) => v !== 1)).toBe(true);
});
