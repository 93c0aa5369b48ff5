// Runs the benchmark: builds the library, compiles the probes, bundles bench/ (TypeScript, which Node 20 can't run) and
// starts it. All arguments are passed on; nothing of its own goes to standard output.
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const run = (...args) => execFileSync(process.execPath, args, { stdio: ['ignore', 2, 2] });
const compile = (source, target, features, ...options) =>
  run(
    'node_modules/assemblyscript/bin/asc.js',
    ...[`bench/assembly/${source}.ts`, '--outFile', `dist/bench/${target}.wasm`, '--enable', features],
    ...['-O3', '--runtime', 'stub', '--config', 'none', ...options],
  );

/** How dist/bench names what isn't bundled with it: the library, and the peers, which look for files beside them. */
const fromDistBench = (id) =>
  id.replace(/^\.\.\/dist\//, '../').replace(/^\.\/peers\//, '../../bench/peers/');

run('scripts/build.mjs');
compile('probe', 'probe', 'simd', '--initialMemory', '256');
compile('probe', 'probe-fast', 'simd,relaxed-simd', '--initialMemory', '256');
const shared = ['--importMemory', '--sharedMemory', '--initialMemory', '2', '--maximumMemory', '2'];
compile('crossings', 'crossings', 'simd,threads', ...shared);
await build({
  configFile: false,
  logLevel: 'error',
  build: {
    ssr: true,
    outDir: 'dist/bench',
    emptyOutDir: false,
    target: 'node20',
    rollupOptions: {
      input: ['bench/main.ts', 'bench/fast.ts', 'bench/barrier-worker.ts'],
      external: [/^wasm-distill/, /^\.\.\/dist\//, /^\.\/peers\//],
      makeAbsoluteExternalsRelative: false,
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js', paths: fromDistBench },
    },
  },
  ssr: { noExternal: true },
});
await import('../dist/bench/main.js');
