import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createEngine,
  type Engine,
  evaluate,
  makeDataset,
  mlp,
  type TrainedEpoch,
  type TrainingState,
  type TrainOptions,
  train,
  trainEpochs,
  weightsSha256,
} from 'wasm-distill';
import { split } from 'wasm-distill/data';
import { decodeCheckpoint, encodeCheckpoint } from 'wasm-distill/formats';
import { syntheticData } from '../support/golden.ts';

const { part: validation, rest: data } = split(syntheticData(500), 0.4, 1);
/** A rate that is too large: errors go up and down. */
const base: TrainOptions = {
  ...{ architecture: mlp([144, 24, 10]), data, validation, epochs: 12, seed: 5, batch: 50 },
  recipe: { rate: 0.6, schedule: 'constant' },
};
let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 2 });
});
afterAll(() => engine.close());

async function run(more: Partial<TrainOptions> = {}, resume?: TrainingState) {
  const epochs: TrainedEpoch[] = [];
  const states: TrainingState[] = [];
  const control = { resume, onCheckpoint: (state: TrainingState) => void states.push(state) };
  for await (const epoch of trainEpochs(engine, { ...base, ...more }, control)) epochs.push(epoch);
  return { epochs, states };
}

const errorsOf = (epochs: readonly TrainedEpoch[]) => epochs.map((epoch) => epoch.validationErrors!);
const firstBest = (errors: readonly number[]) => errors.indexOf(Math.min(...errors)) + 1;

describe('validation data', () => {
  test('have their errors counted after each epoch, and change no weight', async () => {
    const { epochs, states } = await run();
    for (const { model, validationErrors, kept, epoch } of epochs) {
      expect(validationErrors).toBe((await evaluate(engine, model, validation)).errors);
      expect(kept).toEqual({ epoch, model });
    }
    expect(states.at(-1)!.history.map((one) => one.validationErrors)).toEqual(errorsOf(epochs));
    const without = await train(engine, { ...base, validation: undefined });
    expect(await weightsSha256(epochs.at(-1)!.model)).toBe(await weightsSha256(without));
  });

  test('choose the epoch that is kept, the first of the best', async () => {
    const { epochs } = await run({ keep: 'best' });
    const errors = errorsOf(epochs);
    const best = firstBest(errors);
    expect(best).toBeLessThan(12);
    epochs.forEach(({ kept }, i) => {
      const soFar = firstBest(errors.slice(0, i + 1));
      expect(kept.epoch).toBe(soFar);
      expect(kept.model).toBe(epochs[soFar - 1]!.model);
    });
    const kept = await train(engine, { ...base, keep: 'best' });
    expect(await weightsSha256(kept)).toBe(await weightsSha256(epochs[best - 1]!.model));
  });

  test('choose the same where the run goes on from its checkpoint, from a file, anywhere', async () => {
    const { epochs, states } = await run({ keep: 'best' });
    const expected = await weightsSha256(epochs.at(-1)!.kept.model);
    for (const state of [states[3]!, states[10]!, states[11]!]) {
      const resume = decodeCheckpoint(encodeCheckpoint(state, 'run'), 'run', 'a checkpoint');
      const { kept } = (await run({ keep: 'best' }, resume)).epochs.at(-1)!;
      expect(kept.epoch).toBe(epochs.at(-1)!.kept.epoch);
      expect(await weightsSha256(kept.model)).toBe(expected);
    }
  });

  test('aren’t there in the checkpoint of another run', async () => {
    const { states } = await run({ validation: undefined });
    await expect(run({}, states[3])).rejects.toThrow(/belongs to a run without validation/);
    const last = await run();
    await expect(run({ keep: 'best' }, last.states[3])).rejects.toThrow(/a run that keeps its last epoch/);
  });

  test('name the classes of what is kept after going on', async () => {
    const classNames = [...'abcdefghij'];
    const named = { data: { ...data, classNames }, keep: 'best' } as const;
    const { states } = await run(named);
    expect((await run(named, states.at(-1))).epochs.at(-1)!.kept.model.classNames).toEqual(classNames);
  });
});

test('what can’t be validation is refused', async () => {
  const refused = (more: Partial<TrainOptions>) => expect(train(engine, { ...base, ...more })).rejects;
  await refused({ validation: undefined, keep: 'best' }).toThrow(/keep: 'best' needs validation data/);
  await refused({ keep: 'first' as never }).toThrow(/keep must be 'last' or 'best', not "first"/);
  const unlabeled = { ...validation, labels: new Int32Array(validation.size).fill(-1) };
  await refused({ validation: unlabeled }).toThrow(/the validation data have no labels/);
  const floats = makeDataset({
    inputs: { shape: [144], values: new Float32Array(144) },
    labels: [0],
    classes: 10,
  });
  await refused({ validation: floats }).toThrow(
    /the validation data are floats of shape \[144\] in 10 classes, but .* bytes of shape \[12,12,1\] in 10 classes/,
  );
  await refused({ val: validation } as never).toThrow(/train has no option val: give validation/);
});
