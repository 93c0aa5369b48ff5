import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEngine } from 'wasm-distill';
import { variable } from 'wasm-distill/graph';
import { openGpu } from '#library/backends/webgpu/device.js';
import { WebgpuEngine } from '#library/backends/webgpu/engine.js';
import { ESTIMATED, type Speeds, type Tile, tiles, tilingOf } from '#library/backends/webgpu/lower/tiles.js';
import { Pipelines } from '#library/backends/webgpu/pipelines.js';
import { leastSeconds, measure, speedsOf } from '#library/backends/webgpu/tuning/measure.js';
import { probeOf } from '#library/backends/webgpu/tuning/probes.js';
import { keptOr, nameOf, tuned } from '#library/backends/webgpu/tuning/tuned.js';
import { assign } from '#library/ops/effects.js';
import { matmul } from '#library/ops/matmul.js';
import { temporaryFolder } from '../../support/folder.ts';
import { numbers } from '../../support/numbers.ts';
import { computed, GPU_TEST_MS, onSoftware, wave } from '../../support/webgpu.ts';

vi.setConfig({ testTimeout: GPU_TEST_MS });

const LARGE = { m: 4096, n: 4096, k: 4096, batch: 1 };
const described = ({ tile: { rows, columns }, splits }: ReturnType<typeof tilingOf>) =>
  `${rows}×${columns}${splits > 1 ? `, ${splits} parts` : ''}`;

describe('a tiling follows what was measured', () => {
  test('of tiles the fastest is taken where all fill the GPU', () => {
    expect(described(tilingOf(LARGE, ESTIMATED))).toBe('128×64');
    for (const [i, { rows, columns }] of tiles.entries()) {
      const speeds = { ...ESTIMATED, tiles: tiles.map((_, other) => (other === i ? 1 : 0.2)) };
      expect(described(tilingOf(LARGE, speeds))).toBe(`${rows}×${columns}`);
    }
  });

  test('where few invocations fill a GPU no sum is cut to pieces', () => {
    const sizes = { m: 128, n: 128, k: 16_384, batch: 1 };
    expect(described(tilingOf(sizes, ESTIMATED))).toMatch(/parts/);
    expect(described(tilingOf(sizes, { ...ESTIMATED, full: 512 }))).toBe('64×64');
  });

  test('workgroups that would be a few too many for one wave are smaller ones', () => {
    const speeds = { ...ESTIMATED, tiles: tiles.map(() => 1), full: 128 * 128 };
    const of = (m: number) => tilingOf({ m, n: 1024, k: 512, batch: 1 }, speeds).tile;
    // 128 workgroups of 128×64 are one wave of it, 144 nearly as long as two, and 288 of 64×64 as 1.5.
    expect(of(1024)).toEqual(tiles[1]);
    expect(of(1152).rows * of(1152).columns).toBeLessThan(128 * 64);
  });

  test('the slower a GPU, the less a second kernel takes of its time', () => {
    const sizes = { m: 64, n: 64, k: 1024, batch: 1 };
    const [slow, fast] = [1e10, 1e14].map((rate) => tilingOf(sizes, { ...ESTIMATED, rate }).splits);
    expect(slow).toBeGreaterThan(fast!);
  });
});

describe('speeds are measured', () => {
  const [middle, small] = [tiles[5]!, tiles[6]!];
  const [first, second] = [middle, small].map((tile) => probeOf(tile, { m: 64, n: 64, k: 64 }));
  const single = (tile: Tile) => probeOf(tile, { m: tile.rows, n: tile.columns, k: 640 });

  test('from seconds: as shares of the fastest, and by how idle one workgroup leaves a GPU', () => {
    // 655,360 multiply-adds by 128 invocations in 50 ms; 262,144 in 1 and 4 ms: 20 times that rate, in the same tile.
    const speeds = speedsOf([first!, second!], single(middle), [50e-3, 1e-3, 4e-3]);
    expect(speeds).toEqual({ tiles: [1, 0.25], rate: 2 ** 28, full: 2048 });
    // A tile that is hopeless is still one that has a speed.
    expect(speedsOf([first!, second!], single(middle), [1e9, 1e-3, 4]).tiles).toEqual([1, 0.05]);
    expect(speedsOf([first!, second!], single(middle), [1e9, 1e-3, 4]).full).toBe(2 ** 20);
  });

  test('without what a GPU takes to tell of its end, and with other work in between', async () => {
    let calls = 0;
    const timed = async (ms: number, count: number) => 20 + count * ms + (calls++ % 5 === 0 ? 40 : 0);
    const seconds = await leastSeconds([0.5, 3, 40], timed);
    [0.5e-3, 3e-3, 40e-3].forEach((expected, i) => {
      expect(seconds[i]).toBeCloseTo(expected, 6);
    });
  });

  test('on a busy machine with more times, so that no product takes less than nothing', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const noise = numbers(10_000, seed, 20);
      let calls = 0;
      const timed = async (ms: number, count: number) => count * ms + Math.abs(noise[calls++]!);
      const seconds = await leastSeconds([1, 10], timed);
      for (const each of seconds) expect(each).toBeGreaterThan(0);
    }
  });

  test('on a GPU in software', async () => {
    await onSoftware();
    const gpu = await openGpu();
    try {
      expect(gpu.software).toBe(true);
      const {
        tiles: speeds,
        rate,
        full: filled,
      } = await measure(gpu.device, new Pipelines(gpu.device), [second!], single(small));
      expect(speeds).toEqual([1]);
      for (const value of [rate, filled]) expect(value).toBeGreaterThan(0);
      expect(gpu.wrong()).toBeUndefined();
    } finally {
      gpu.close();
    }
  });
});

const MEASURED: Speeds = { tiles: [0.1, 0.1, 0.1, 0.1, 0.1, 1, 0.1], rate: 1e11, full: 4096 };

// Elsewhere than on Linux the user's own folder would be written to.
describe.runIf(process.platform === 'linux')('what was measured is kept', async () => {
  const root = await temporaryFolder();
  const measured = vi.fn(async () => MEASURED);
  const reads = (name: string) => keptOr(name, measured);

  /** A user's folder of caches, as each test finds it: empty. */
  let caches: string;
  beforeEach(async () => {
    caches = await mkdtemp(join(root, 'caches-'));
    vi.stubEnv('XDG_CACHE_HOME', caches);
    measured.mockClear();
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test('by its name, so that it is measured once', async () => {
    expect(await reads('gpu-1')).toEqual(MEASURED);
    expect(await reads('gpu-1')).toEqual(MEASURED);
    expect(measured).toHaveBeenCalledTimes(1);
    await reads('gpu-2');
    expect(measured).toHaveBeenCalledTimes(2);
    expect((await readdir(join(caches, 'wasm-distill'))).sort()).toEqual([
      ...['gpu-1.json', 'gpu-2.json', 'trial.json'],
    ]);
  });

  test.each([
    ['nothing', ''],
    ['half a file', '{"tiles":[1,'],
    ['too few tiles', JSON.stringify({ ...MEASURED, tiles: [1] })],
    ['no numbers', JSON.stringify({ ...MEASURED, rate: 'fast' })],
    ['a speed of 0', JSON.stringify({ ...MEASURED, full: 0 })],
    ['a rate beyond all', JSON.stringify(MEASURED).replace('100000000000', '1e999')],
    ['shares too small', JSON.stringify({ ...MEASURED, tiles: tiles.map(() => 1e-300) })],
    ['null', 'null'],
  ])('a damaged file, of %s, is measured again', async (_, text) => {
    const file = join(caches, 'wasm-distill/gpu-1.json');
    await mkdir(join(caches, 'wasm-distill'));
    await writeFile(file, text);
    expect(await reads('gpu-1')).toEqual(MEASURED);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(MEASURED);
  });

  test('and another process that was faster decides for both', async () => {
    const theirs = { ...MEASURED, full: 8192 };
    const slowly = async () => {
      await keptOr('gpu-1', async () => theirs);
      return MEASURED;
    };
    expect(await keptOr('gpu-1', slowly)).toEqual(theirs);
  });

  test('or not even measured where it cannot be kept: each run would have bits of its own', async () => {
    await writeFile(join(caches, 'wasm-distill'), 'a file where the folder should be');
    expect(await reads('gpu-1')).toBe(ESTIMATED);
    expect(measured).not.toHaveBeenCalled();
  });

  test('an adapter takes its own; one that was lost is estimated, and nothing is kept of it', async () => {
    await onSoftware();
    const gpu = await openGpu();
    const pipelines = new Pipelines(gpu.device);
    await keptOr(await nameOf('one'), measured);
    expect(await tuned({ ...gpu, adapter: 'one' }, pipelines)).toEqual(MEASURED);
    gpu.close();
    expect(await tuned({ ...gpu, adapter: 'another' }, pipelines)).toBe(ESTIMATED);
    const files = await readdir(join(caches, 'wasm-distill'));
    expect(files.sort()).toEqual([`${await nameOf('one')}.json`, 'trial.json']);
  });
});

test('an engine tiles by the speeds of its device, says so, and is another one than by estimates', async () => {
  await onSoftware();
  const wasm = await createEngine({ threads: 1 });
  await using gpu = await WebgpuEngine.open(wasm, async () => MEASURED);
  await using other = await WebgpuEngine.open(await createEngine({ threads: 1 }));
  expect([gpu, other].map((engine) => engine.report().speeds)).toEqual([
    { measured: true, ...MEASURED },
    { measured: false, ...ESTIMATED },
  ]);
  const [first, second] = [await gpu.identity(), await other.identity()];
  expect(first.kernels).not.toBe(second.kernels);

  const [m, n, k] = [128, 16, 64];
  const [a, b] = [variable('a', [m, k]), variable('b', [k, n])];
  const product = matmul(a, b);
  const plans = { plan: [assign(variable('y', [m, n]), product)] };
  expect(gpu.explain(plans)).toContain('tiles of 32×32');
  expect(other.explain(plans)).not.toContain('tiles of 32×32');
  const data = new Map([
    [a, wave(m * k, 0)],
    [b, wave(k * n, 1)],
  ]);
  const expected = await computed(wasm, product, data);
  (await computed(gpu, product, data)).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 4);
  });
});
