// Runs the benchmark: builds the library where it has changed, compiles the probes, bundles bench/ and starts it. All arguments are passed on;
// nothing of its own goes to standard output.
import { buildLibrary, bundleBench, run } from './bundle.mjs';

const compile = (source, target, features, ...options) =>
  run(
    'node_modules/assemblyscript/bin/asc.js',
    ...[`bench/assembly/${source}.ts`, '--outFile', `build/bench/${target}.wasm`, '--enable', features],
    ...['-O3', '--runtime', 'stub', '--config', 'none', ...options],
  );

buildLibrary();
// Room for four activations of 10 MB.
compile('probe', 'probe', 'simd', '--initialMemory', '768');
compile('probe', 'probe-fast', 'simd,relaxed-simd', '--initialMemory', '768');
const shared = ['--importMemory', '--sharedMemory', '--initialMemory', '2', '--maximumMemory', '2'];
compile('crossings', 'crossings', 'simd,threads', ...shared);
const beside = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
compile('col2im', 'col2im', 'simd,threads,bulk-memory', ...beside);
await bundleBench(['main.ts', 'fast.ts', 'barrier-worker.ts']);
await import('../build/bench/main.js');
