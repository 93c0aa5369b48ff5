// Compiles AssemblyScript. asc takes half of a build's time and the kernels seldom change, so what it makes is kept below
// node_modules/.cache, under the hash of all that it is made from.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** The one file of src that kernels import. */
const LAYOUT = 'src/backends/wasm/layout.ts';
const KEPT = 'node_modules/.cache/wasm-distill';

/** Compiles to `target`; from the root of the repository. */
export function compileKernels(target, options) {
  const kept = join(KEPT, `${hashOf(options)}.wasm`);
  if (!existsSync(kept)) {
    const made = `${kept}.${process.pid}`;
    mkdirSync(KEPT, { recursive: true });
    const args = [...options, '--outFile', made, '--disableWarning', '112'];
    execFileSync(process.execPath, ['node_modules/assemblyscript/bin/asc.js', ...args], { stdio: 'inherit' });
    renameSync(made, kept);
  }
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(kept, target);
}

/** Of the options, the sources, both compilers' versions and this script. */
function hashOf(options) {
  const hash = createHash('sha256').update(JSON.stringify(options));
  const sources = readdirSync('assembly', { recursive: true }).map((name) => join('assembly', name));
  const versions = ['assemblyscript', 'binaryen'].map((name) => `node_modules/${name}/package.json`);
  for (const file of [...sources, LAYOUT, ...versions, 'asconfig.json', 'scripts/kernels.mjs'].sort())
    if (statSync(file).isFile()) hash.update(`\n${file}\n`).update(readFileSync(file));
  return hash.digest('hex');
}
