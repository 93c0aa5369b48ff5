// Runs the benchmark: builds the library, compiles the probes, bundles bench/ (TypeScript, which Node 20 can't run) and
// starts it. All arguments are passed on; nothing of its own goes to standard output.
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const quiet = ['ignore', 2, 2];
execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: quiet });
const probe = [
  'bench/assembly/probe.ts',
  '--outFile',
  'dist/bench/probe.wasm',
  '-O3',
  '--runtime',
  'stub',
  '--config',
  'none',
];
execFileSync(
  process.execPath,
  ['node_modules/assemblyscript/bin/asc.js', ...probe, '--enable', 'simd', '--initialMemory', '256'],
  { stdio: quiet },
);
await build({
  configFile: false,
  logLevel: 'error',
  build: {
    ssr: 'bench/main.ts',
    outDir: 'dist/bench',
    emptyOutDir: false,
    target: 'node20',
    rollupOptions: { external: [/^wasm-distill/, /\/dist\//], output: { entryFileNames: 'main.js' } },
  },
  ssr: { noExternal: true },
});
await import('../dist/bench/main.js');
