// Bundles what isn't shipped into build/: TypeScript, which Node 20 can't run. Libraries stay where they are, this one's
// too, as it lies in dist/.
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a script from the root of the repository; what it says goes to standard error. */
export const run = (...args) => execFileSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });

/** Builds dist/ where something that it is made from is newer: an experiment is asked for more often than the library changes. */
export function buildLibrary() {
  const sources = ['src', 'assembly', 'cli', 'scripts', 'package.json', 'asconfig.json', 'tsconfig.json'];
  // What the build writes last.
  const built = statSync(join(root, 'dist/cli/main.js'), { throwIfNoEntry: false });
  const newer = (path) => statSync(path).mtimeMs > built.mtimeMs;
  if (!built || sources.some((source) => within(join(root, source)).some(newer))) run('scripts/build.mjs');
}

/** A path and, where it is a folder, all that is in it; folders tell what was removed from them. */
function within(path) {
  if (!statSync(path).isDirectory()) return [path];
  return [path, ...readdirSync(path, { recursive: true }).map((name) => join(path, name))];
}

/** `external`: more that stays where it is; `paths`: its names as seen from build/FOLDER. */
export async function bundle(folder, input, { external = [], paths = {} } = {}) {
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: `build/${folder}`,
      emptyOutDir: false,
      target: 'node20',
      rollupOptions: {
        input: input.map((file) => `${folder}/${file}`),
        external: [/^wasm-distill/, /^#library\//, ...external],
        makeAbsoluteExternalsRelative: false,
        output: { entryFileNames: '[name].js', chunkFileNames: '[name].js', paths },
      },
    },
  });
}

/** The benchmarks; the peers look for files beside them. */
export const bundleBench = (input) =>
  bundle('bench', input, {
    external: [/^\.\/peers\//],
    paths: (id) => id.replace(/^\.\/peers\//, '../../bench/peers/'),
  });

/** The papers' experiments, and what their recipes are tuned by. */
export const bundleExperiments = () => bundle('experiments', ['main.ts', 'tune.ts']);

/** The grid by which the default recipe is judged. */
export const bundleRobustness = () => bundle('robustness', ['main.ts']);
