import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { ESTIMATED } from '#library/backends/webgpu/lower/tiles.js';
import { compile } from '#library/backends/webgpu/program.js';
import type { GpuDocument } from '../../bench/gpu-run.ts';
import { makeWork } from '../../bench/peers/work.mjs';
import { buildStep, trainable } from '../../bench/steps.ts';
import { GPU_TEST_MS } from '../support/webgpu.ts';

/** WebGPU's defaults are less; a GPU that trains has more. */
const LIMITS = { bytes: 2 ** 30, shared: 2 ** 15, speeds: ESTIMATED };

test.each([
  ['A-1024', 14],
  ['vgg-256', 90],
  ['resnet8', 90],
])('a step of %s binds once what it writes, in at most %i dispatches', (name, most) => {
  const dispatches = compile(buildStep(trainable(makeWork(name))).plans, LIMITS).plans.get('step')!;
  expect(dispatches.length).toBeLessThanOrEqual(most);
  for (const { kernel, places } of dispatches) {
    const written = places.filter((_, i) => kernel.bindings[i]!.access === 'read_write');
    for (const place of written) {
      const over = places.filter(
        ({ buffer, offset, bytes }) =>
          buffer === place.buffer && offset < place.offset + place.bytes && place.offset < offset + bytes,
      );
      expect(over, kernel.name).toEqual([place]);
    }
  }
});

test(
  'npm run bench:gpu -- --dry measures everything on a GPU in software, and prints one document',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bench-gpu-'));
    try {
      const out = join(folder, 'gpu.json');
      const args = ['bench/gpu.mjs', '--dry', '--seconds', '1', '--out', out];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      expect(await readFile(out, 'utf8')).toBe(stdout);
      const document = JSON.parse(stdout) as GpuDocument;
      expect(document).toMatchObject({ dry: true, equalDraws: true, node: process.version });
      expect(document.adapter).toMatch(/swiftshader/i);
      const kinds = ['start-ms', 'samples-s', 'share', 'vs-wasm', 'encoding-us', 'dispatches'];
      const ids = ['vgg', 'mlp', 'resnet8'].flatMap((step) => kinds.map((kind) => `${step}-${kind}`));
      const rows = new Map(document.rows.map((row) => [row.id, row]));
      expect([...rows.keys()]).toEqual(
        expect.arrayContaining(['peak-gflops', 'copy-gb-s', 'product-share', ...ids, 'auto-A-dry-vs-wasm']),
      );
      for (const { id, value, goal } of rows.values()) {
        expect(value, id).toBeGreaterThan(0);
        expect(goal, id).toBeUndefined();
      }
      // A peer is here with its version, or absent with the reason.
      const named = [...document.peers, ...document.absent].map(({ name }) => name.split(' ')[0]);
      expect(new Set(named)).toEqual(new Set(['jax-js-webgpu', 'tfjs-webgpu']));
      for (const { why } of document.absent) expect(why).not.toBe('');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  GPU_TEST_MS,
);

test.each(['0', '-1', 'soon'])('--seconds %s is refused', async (seconds) => {
  const run = promisify(execFile)(process.execPath, ['bench/gpu.mjs', '--dry', `--seconds=${seconds}`]);
  await expect(run).rejects.toMatchObject({ stderr: expect.stringContaining('--seconds takes a number') });
});
