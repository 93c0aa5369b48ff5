import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createEngine, type Engine } from 'wasm-distill';

/** SwiftShader, a GPU in software that Debian's chromium brings: where there is none by hardware, this is what tests use. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** Compiling a pipeline takes SwiftShader a second or more. */
export const GPU_TEST_MS = 600_000;

export async function gpuEngine(): Promise<Engine> {
  if (!existsSync(SWIFTSHADER)) throw new Error(`${SWIFTSHADER} is missing: apt-get install chromium`);
  process.env.VK_ICD_FILENAMES = SWIFTSHADER;
  process.env.XDG_RUNTIME_DIR ??= tmpdir();
  return createEngine({ backend: 'webgpu', threads: 1 });
}
