import { expect, test, vi } from 'vitest';
import { comparisons } from '../../bench/comparisons.ts';
import {
  atLeast,
  atMost,
  type Document,
  emptyDocument,
  reported,
  shareOfPeak,
} from '../../bench/document.ts';
import { page } from '../../bench/markdown.ts';
import { interleaved, ratios } from '../../bench/measure.ts';
import { loadedObjective, objectiveWork } from '../../bench/objective-steps.ts';
import { timed } from '../../bench/peers/clock.mjs';
import { peers, startPeer } from '../../bench/peers/harness.mjs';
import { architectures, describe } from '../../bench/peers/layers.mjs';
import { computedLosses } from '../../bench/peers/network.mjs';
import { makeWork, referenceLosses, stepsBeforeReset } from '../../bench/peers/work.mjs';
import { isDisturbed, suited, yardstickOf } from '../../bench/rates.ts';

test('a row is the median of its samples, and met on the right side of its goal', () => {
  expect(atLeast('a', 2, [3, 1, 2], '')).toMatchObject({ value: 2, met: true });
  expect(atLeast('a', 2.1, [3, 1, 2], '').met).toBe(false);
  expect(atMost('a', 2, [3, 1, 2], '').met).toBe(true);
  expect(atMost('a', 1.9, [3, 1, 2], '').met).toBe(false);
  expect(ratios([6, 8], [3, 2])).toEqual([2, 4]);
});

test('a share is of the lower yardstick, round by round', () => {
  const row = shareOfPeak('a', 0.5, [10, 30], { peak: [40, 50], product: [50, 40] });
  expect(row).toMatchObject({ value: 0.5, met: true });
  expect(suited({ peak: [40, 50], product: [50, 40] })).toEqual([40, 40]);
});

test('a row without a goal is neither met nor missed', () => {
  expect(reported('a', [1, 2, 3], '')).toEqual({ id: 'a', value: 2, spread: 0.5, detail: '' });
});

test('a yardstick that varies tells that the machine was disturbed', () => {
  const steady = Array.from({ length: 20 }, (_, i) => 48 + (i % 2));
  expect(isDisturbed(yardstickOf(steady))).toBe(false);
  expect(isDisturbed(yardstickOf([...steady, 20, 20, 20]))).toBe(true);
});

test('every comparison is with a peer that does that work', () => {
  for (const { work, peer } of comparisons)
    expect(peers.find(({ name }) => name === peer)?.works, peer).toContain(work);
});

test('the page shows rows, the summary, and what is absent with its reason', () => {
  const document: Document = emptyDocument();
  document.rows.push(atLeast('c-vs-jax-js', 11, [12.34], 'jax-js 5 ms, ours 0.4 ms'));
  document.absent.push({ name: 'a-vs-jax-js', why: 'needs jax-js' });
  const text = page(document, { rounds: 21, milliseconds: 40 });
  expect(text).toContain('| `c-vs-jax-js` | 12.3 | 11 | yes |');
  expect(text).toContain('| jax-js (wasm), `jit` |  | 12.3 |  |  |  |');
  expect(text).toContain('`a-vs-jax-js`: needs jax-js');
  expect(text).toContain('21 rounds');
});

test('a page of a disturbed run says so before all else', () => {
  const document = { ...emptyDocument(), disturbed: 'the probe did 20.0 to 48.0 GFLOP/s', part: 'conv' };
  const text = page(document, { rounds: 21, milliseconds: 40 });
  expect(text).toMatch(
    /not edited by hand\.\n\n\*\*The machine was disturbed in this run\*\*: the probe did 20/,
  );
  expect(text).toContain('ids begin with conv');
});

test('the layers of the networks have the parameters and products of their table', () => {
  const counts = Object.entries(architectures).map(([name, architecture]) => {
    const { parameters, products } = describe(architecture);
    const trained = parameters.filter(({ role }) => role !== 'mean' && role !== 'variance');
    const size = (shape: number[]) => shape.reduce((all, n) => all * n, 1);
    return [name, trained.reduce((sum, { shape }) => sum + size(shape), 0), products.reduce((a, b) => a + b)];
  });
  expect(counts).toEqual([
    ['vgg', 197_802, 9_837_952],
    ['resnet8', 78_042, 12_501_632],
    ['lenet', 80_378, 1_116_416],
    ['vgg-dry', 155, 1404],
    ['resnet8-dry', 263, 2028],
    ['squeezenet', 1_235_496, 349_151_936],
  ]);
});

test('recorded answers are those of the works, and the float64 reference gives them', () => {
  const work = makeWork('vgg-10');
  const recorded = referenceLosses(work, 1);
  expect(computedLosses(work, 1)[0]).toBeCloseTo(recorded[0]!, 9);
  for (const name of ['vgg', 'resnet8', 'lenet']) expect(referenceLosses(makeWork(name)).length).toBe(5);
});

test.each(['kd', 'kd-bare', 'attention', 'relational', 'gradient'])(
  'a step by the objective %s has the losses that PyTorch has in float64',
  (name) => {
    expect(() => loadedObjective(objectiveWork(`objective-${name}`))).not.toThrow();
  },
);

test.each([
  ...[
    'decoupled',
    'dist',
    'standardized',
    'logits',
    'hints',
    'fsp',
    'kd-even',
    'similarity',
    'probabilistic',
    'congruence',
  ],
  ...['darkrank', 'verification', 'triplet', 'mutual', 'self-distillation', 'symmetric'],
])('a step by the objective %s lowers its loss', (name) => {
  expect(() => loadedObjective(objectiveWork(`objective-${name}`))).not.toThrow();
});

test('a step on other numbers than were recorded is refused', () => {
  const work = objectiveWork('objective-attention');
  work.arrays.parameters[0]!.values.fill(0.01);
  expect(() => loadedObjective(work)).toThrow("the losses of objective-attention aren't recorded");
});

test('subjects take turns, and what comes before a run is off the clock', async () => {
  const turns: string[] = [];
  const pause = (ms: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  const subject = (name: string, preparation: number) => ({
    name,
    run: () => pause(2),
    before: () => {
      turns.push(name);
      pause(preparation);
    },
  });
  const subjects = [subject('slow to start', 100), subject('other', 0)];
  const samples = await interleaved(subjects, { rounds: 2, milliseconds: 1 });
  expect(Math.min(...samples.get('slow to start')!)).toBeLessThan(100);
  const changes = turns.filter((name, i) => name !== turns[i - 1]);
  expect(changes).toEqual([1, 2, 3].flatMap(() => ['slow to start', 'other']));
});

test('a timed training goes back to its first weights in time', async () => {
  const log: string[] = [];
  const subject = { run: (n: number) => void log.push(`run ${n}`), reset: () => void log.push('reset') };
  const timing = { kind: 'train' as const, steps: stepsBeforeReset - 2, subject };
  const { ms, cpuMs } = await timed(timing, stepsBeforeReset);
  expect(log).toEqual(['run 2', 'reset', `run ${stepsBeforeReset - 2}`]);
  expect(ms).toBeGreaterThanOrEqual(0);
  expect(cpuMs).toBeGreaterThanOrEqual(0);
});

test('an unknown peer is an error', async () => {
  await expect(startPeer('brain')).rejects.toThrow('no peer is called brain');
});

test('a peer that is absent says how to have it', async () => {
  vi.stubEnv('WASM_DISTILL_PYTHON', '/nowhere/python3');
  vi.resetModules();
  const harness = await import('../../bench/peers/harness.mjs');
  expect((await harness.startPeer('torch-avx2')).absent).toContain('apt-get install python3-torch');
  vi.unstubAllEnvs();
});
