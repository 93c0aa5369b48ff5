// Measures the WebGPU backend on this machine's card: npm run bench:gpu (--help). Builds what is missing where the tools to
// build are installed; elsewhere it runs what was built and carried along (docs/webgpu.md says which files).
import { existsSync } from 'node:fs';

const VULKAN = 'libvulkan.so.1';
/** A GPU in software that Debian's chromium brings. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const built = new URL('../build/bench/gpu.js', import.meta.url);

const trouble = whatIsMissing();
if (trouble) {
  console.error(trouble);
  process.exit(1);
}
if (process.argv.includes('--dry') && existsSync(SWIFTSHADER)) process.env.VK_ICD_FILENAMES ??= SWIFTSHADER;
// Said to be missing on standard error otherwise, for each device.
process.env.XDG_RUNTIME_DIR ??= '/tmp';
await build();
await import(built.href);

/** On Linux the package webgpu finds a card through Vulkan's loader, which it opens when it is asked for an adapter. */
function whatIsMissing() {
  if (process.platform !== 'linux' || process.argv.includes('--help')) return undefined;
  try {
    process.dlopen({ exports: {} }, VULKAN);
  } catch (error) {
    // The loader isn't an addon of Node's, which is found out after it has been found and loaded.
    if (/did not self-register/.test(error.message)) return undefined;
    return `There is no Vulkan loader (${VULKAN}), by which WebGPU finds the card: apt-get install libvulkan1 (${error.message})`;
  }
  return undefined;
}

async function build() {
  try {
    const { buildLibrary, bundleBench } = await import('../scripts/bundle.mjs');
    buildLibrary();
    await bundleBench(['gpu.ts']);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !existsSync(built)) throw error;
  }
}
