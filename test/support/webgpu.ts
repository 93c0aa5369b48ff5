import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createEngine, type Engine } from 'wasm-distill';
import type { GpuEngine } from 'wasm-distill/graph';
import { type Tensor, type Variable, variable } from '#library/graph/tensor.js';
import { assign } from '#library/ops/effects.js';
import { aptGet, exists, mayInstall } from './apt.ts';

/** SwiftShader, a GPU in software that Debian's chromium brings: tests compute on it, whatever the machine has. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
/** What Node's WebGPU asks for drivers. */
const LOADERS = ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/libvulkan.so.1`);

/** Compiling a pipeline takes SwiftShader a second or more. */
export const GPU_TEST_MS = 600_000;

/** Vitest's globalSetup, after that of Chromium: installs the loader of Vulkan once, before tests run in parallel. */
export async function setup(): Promise<void> {
  if ((await firstOf(LOADERS)) || !(await mayInstall())) return;
  process.stderr.write('No Vulkan was found: installing the package libvulkan1 with apt-get.\n');
  // A failure is told by the tests that need it; the others must still run.
  await aptGet('install', '-y', '--no-install-recommends', 'libvulkan1').catch(() => {});
}

async function firstOf(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await exists(path)) return path;
  return undefined;
}

/** An engine on SwiftShader. Tests of it are never skipped. */
export async function gpuEngine(): Promise<GpuEngine> {
  await onSoftware();
  return createEngine({ backend: 'webgpu', threads: 1 });
}

/** From now on adapters are SwiftShader's. */
export async function onSoftware(): Promise<void> {
  if (!existsSync(SWIFTSHADER)) throw new Error(`There is no ${SWIFTSHADER}: apt-get install chromium`);
  if (!(await firstOf(LOADERS))) throw new Error('There is no libvulkan.so.1: apt-get install libvulkan1');
  process.env.VK_ICD_FILENAMES = SWIFTSHADER;
  // Said to be missing on standard error otherwise, for each engine.
  process.env.XDG_RUNTIME_DIR ??= tmpdir();
}

const RANDOM = { seed: 4_000_000_000, from: 3 };

/** A tensor as an engine computes it. */
export async function computed(
  engine: Engine,
  value: Tensor,
  data: ReadonlyMap<Variable, readonly number[]>,
): Promise<number[]> {
  const target = variable('target', value.shape, value.dtype);
  const session = await engine.load({ plan: [assign(target, value)] });
  for (const [x, numbers] of data) await session.write(x, Float32Array.from(numbers));
  await session.run('plan', RANDOM);
  const got = Array.from(await session.read(target));
  await session.close();
  return got;
}

/** Numbers in f32 between −1 and 1. */
export function wave(n: number, phase: number): number[] {
  return Array.from({ length: n }, (_, i) => Math.fround(Math.sin(i * (1.7 + phase))));
}
