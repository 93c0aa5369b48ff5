import { expect, test } from 'vitest';
import { mlp, type TrainedModel } from 'wasm-distill';
import type { Trained } from 'wasm-distill/jobs';
import { compare } from '../../experiments/compare.ts';
import type { Row } from '../../experiments/experiment.ts';
import type { Laboratory } from '../../experiments/laboratory.ts';

const model: TrainedModel = {
  architecture: mlp([2, 2]),
  weights: new Map([
    ['logits.weight', new Float32Array(4)],
    ['logits.bias', new Float32Array(2)],
  ]),
};
const silent = { layer: 'layer1', share: 0.9, epoch: 1 };
/** What three trainings came to: the second one collapsed, the third has a silent layer. */
const trained: readonly Partial<Trained>[] = [{}, { collapsed: true }, { silent }];

test('what a training says of its network stands in the row, by the place of its seed', async () => {
  const laboratory = {
    jobs: async (_: unknown, seeds: readonly number[]) => seeds.map((seed) => ({ seed })),
    train: async () => {},
    trained: async ({ seed }: { seed: number }) => ({
      ...{ model, testErrors: seed, history: [{ epoch: 1, loss: 1, seconds: 2 }] },
      ...trained[seed - 1],
    }),
  } as unknown as Laboratory;
  const row = (seeds: readonly number[]): Row => ({
    ...{ what: 'a network', seeds },
    model: { title: 'a network', network: '2', training: { epochs: 1 } },
  });
  const [all, sound] = await compare(laboratory, { kind: 'comparison', rows: [row([1, 2, 3]), row([1])] });
  expect(all!.each).toEqual([1, 2, 3]);
  expect(all!.marks).toEqual({ 1: { collapsed: true }, 2: { silent } });
  expect(sound).not.toHaveProperty('marks');
});
