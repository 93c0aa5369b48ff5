import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { GpuEngine } from 'wasm-distill/graph';
import { checkGpu, type GpuCheck } from '../../../cli/gpu/check.ts';
import { checkText, verdict } from '../../../cli/gpu/text.ts';
import { createProgress } from '../../../cli/terminal/progress.ts';
import { SMALL } from '../../support/checked.ts';
import { cli } from '../../support/cli.ts';
import { GPU_TEST_MS, gpuEngine } from '../../support/webgpu.ts';

vi.setConfig({ testTimeout: GPU_TEST_MS, hookTimeout: GPU_TEST_MS });

let engine: GpuEngine;
let check: GpuCheck;
beforeAll(async () => {
  engine = await gpuEngine();
  const how = { progress: createProgress(process.stderr), signal: new AbortController().signal };
  check = await checkGpu(engine, { perceptron: SMALL.perceptron! }, how);
});
afterAll(() => engine.close());

test('says what the GPU is and a row for each operator', () => {
  const lines = checkText(check).split('\n');
  expect(lines[0]).toMatch(/^adapter +google, .*SwiftShader/);
  expect(lines[1]).toMatch(/^limits +[\d,]+ MiB a tensor, \d+ KiB shared$/);
  expect(lines[2]).toBe('self test  random numbers are those of wasm');
  expect(lines[3]).toBe('tiles      by estimates');
  const speeds = { measured: true, tiles: [1, 0.5], rate: 4.2e12, full: 65_536 };
  expect(checkText({ ...check, speeds })).toContain(
    'tiles      shares 1, 0.5 of 4,200 billion multiply-adds/s, full with 65,536 invocations\n',
  );
  expect(lines[4]).toContain(`Node ${process.version}, ${process.platform} ${process.arch}`);
  expect(lines.find((line) => line.startsWith('matmul '))).toMatch(
    /^matmul +8 +perceptron +\[\d+ × \d+\] +\S+ +\d\.\de-\d +magnitudes$/,
  );
  expect(lines.find((line) => line.startsWith('gatherImages '))).toMatch(/ 0 +exact$/);
  expect(lines.at(-1)).toMatch(/^whole plans +13 +perceptron /);
  expect(verdict(check)).toBe(
    `all ${check.operators.length + check.plans.length} results are within tolerance of wasm's`,
  );
});

test('names the first operator that is wrong, with sizes', () => {
  const i = check.operators.findIndex(({ operator }) => operator === 'matmul');
  const first = { ...check.operators[i]!, worst: 0.25, ok: false };
  const operators = check.operators.map((row, at) => (at === i ? first : row));
  const wrong = { ...check, ok: false, first, operators };
  expect(checkText(wrong)).toMatch(/\nmatmul .* 2\.5e-1 .* 1 wrong\n/);
  expect(verdict(wrong)).toBe(
    "the first operator out of tolerance is matmul of [4 × 36] and [36 × 7] in perceptron: its result [4 × 7] is 2.5e-1 apart from wasm's, where 4.3e-6 of the summed magnitudes is allowed",
  );
  expect(verdict({ ...check, equalDraws: false })).toBe("this GPU's random numbers are not those of wasm");
});

test('without a GPU it is an error of one sentence', async () => {
  vi.stubEnv('VK_ICD_FILENAMES', '/nonexistent.json');
  const { code, stdout, stderr } = await cli('check-gpu');
  vi.unstubAllEnvs();
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr.trim().split('\n').at(-1)).toMatch(/^wasm-distill: WebGPU finds no adapter here/);
});
