// Builds dist/: three wasm files by asc (the fast kernels are the others with relaxed SIMD), the library by tsc, then its modules put into one file, as loading some 60 small
// ones takes longer than a first training step; the command line by Vite (its libraries bundled in).
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const run = (script, ...args) => execFileSync(process.execPath, [script, ...args], { stdio: 'inherit' });
const compile = (...args) =>
  run('node_modules/assemblyscript/bin/asc.js', ...args, '--disableWarning', '112');

/** Loaded by themselves: by the host that it is, in a worker, or by the inference entry. */
const apart = [
  ...['node', 'browser', 'host', 'worker', 'worker-node', 'member'].map((name) => `backends/wasm/${name}`),
  ...['errors', 'formats/safetensors'],
  ...['layer-specs', 'metadata', 'mlp', 'specs'].map((name) => `nn/${name}`),
];
/** Leaves imports of these as they are, but from the one file, which lies in dist/ itself. */
const leaveApart = {
  name: 'modules apart',
  enforce: 'pre',
  resolveId(id, importer) {
    if (!importer || !id.startsWith('.')) return null;
    const file = relative('src', resolve(dirname(importer), id)).replaceAll('\\', '/');
    return apart.includes(file.replace(/\.js$/, '')) ? { id: `./${file}`, external: true } : null;
  },
};
const modules = readdirSync('src', { recursive: true })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/').replace(/\.ts$/, ''))
  .filter((name) => !/^(cli|infer)\//.test(name) && !apart.includes(name));

mkdirSync('dist/backends/wasm', { recursive: true });
await import('./generate-micro-kernels.mjs');
compile('--config', 'asconfig.json');
compile(
  '--config',
  'asconfig.json',
  '--enable',
  'relaxed-simd',
  '--outFile',
  'dist/backends/wasm/kernels-fast.wasm',
);
compile('--config', 'assembly/infer/asconfig.json');
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json');
await build({
  configFile: false,
  logLevel: 'warn',
  plugins: [leaveApart],
  build: {
    ssr: true,
    outDir: 'dist',
    emptyOutDir: false,
    target: 'es2022',
    rollupOptions: {
      input: Object.fromEntries(modules.map((name) => [name, `src/${name}.ts`])),
      external: ['#host'],
      makeAbsoluteExternalsRelative: false,
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name].js',
        codeSplitting: { groups: [{ name: 'library' }] },
      },
    },
  },
});
// A page's import map says nothing to its workers: theirs is one file that imports nothing.
await build({
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: 'src/backends/wasm/worker.ts',
    outDir: 'dist/backends/wasm',
    emptyOutDir: false,
    target: 'es2022',
  },
  ssr: { noExternal: true },
});
await build({
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: 'src/cli/main.ts',
    outDir: 'dist/cli',
    emptyOutDir: false,
    target: 'node20',
    minify: true,
    license: { fileName: 'licenses.md' },
    rollupOptions: {
      external: ['wasm-distill', 'wasm-distill/infer'],
      output: { entryFileNames: 'main.js', chunkFileNames: 'chunk-[name].js' },
    },
  },
  ssr: { noExternal: true },
});
