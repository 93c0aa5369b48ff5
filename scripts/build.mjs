// Builds dist/, which holds what ships and nothing else: the files of WebAssembly by asc; the library by tsc, then its
// modules put into one file, as loading some 60 small ones takes longer than a first training step; the command line by
// Vite, its libraries bundled in.
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { isApart, isCompare, isReader, isTuning, isWebgpu, wasm, workers } from './entries.mjs';
import { compileKernels } from './kernels.mjs';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const run = (script, ...args) => execFileSync(process.execPath, [script, ...args], { stdio: 'inherit' });
const vite = ({ build: options, ...others }) =>
  build({
    configFile: false,
    logLevel: 'warn',
    build: { target: 'es2022', emptyOutDir: false, ...options },
    ...others,
  });

/** How entries.mjs calls a file of src/. */
const moduleOf = (path) =>
  relative('src', path)
    .replaceAll('\\', '/')
    .replace(/\.[jt]s$/, '');
const together = readdirSync('src', { recursive: true })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => moduleOf(`src/${file}`))
  .filter((module) => !isApart(module));

/** Imports of modules apart stay, as they are from the one file, which lies in dist/ itself. */
const leftApart = {
  name: 'left-apart',
  enforce: 'pre',
  resolveId(id, importer) {
    const module = importer && moduleOf(resolve(dirname(importer), id));
    return module && isApart(module) ? { id: `./${module}.js`, external: true } : undefined;
  },
};

/** Vega takes in all its transforms: of these, which no chart of the report uses, the command line is spared. */
const chartless = /^vega-(crossfilter|force|geo|hierarchy|label|regression|voronoi|wordcloud)$/;
const withoutChartless = {
  name: 'without-chartless',
  enforce: 'pre',
  resolveId: (id) => (chartless.test(id) ? '\0chartless' : undefined),
  load: (id) => (id === '\0chartless' ? 'export {};' : undefined),
};

// Else what a module that is no more was once built to would ship.
rmSync('dist', { recursive: true, force: true });
await import('./generate-micro-kernels.mjs');
await import('./generate-infer-kernels.mjs');
for (const { file, options } of Object.values(wasm)) compileKernels(`dist/${file}`, options);
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json');
await vite({
  plugins: [leftApart],
  build: {
    ssr: true,
    outDir: 'dist',
    rollupOptions: {
      input: Object.fromEntries(together.map((module) => [module, `src/${module}.ts`])),
      external: /^#/,
      // Otherwise a file imports another for nothing but its effects, which no module has.
      treeshake: { moduleSideEffects: false },
      makeAbsoluteExternalsRelative: false,
      output: {
        entryFileNames: '[name].js',
        chunkFileNames: '[name].js',
        comments: { jsdoc: false }, // the declarations have them
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'compare', test: (path) => isCompare(moduleOf(path)), priority: 3 },
            { name: 'tuning', test: (path) => isTuning(moduleOf(path)), priority: 3 },
            { name: 'webgpu', test: (path) => isWebgpu(moduleOf(path)), priority: 2 },
            { name: 'readers', test: (path) => isReader(moduleOf(path)), priority: 1 },
            { name: 'library' },
          ],
        },
      },
    },
  },
});
// A page's import map says nothing to its workers: theirs is one file that imports nothing, but what users install.
for (const worker of Object.values(workers))
  await vite({
    build: {
      ssr: `src/${worker.default}.ts`,
      outDir: dirname(`dist/${worker.default}`),
      rollupOptions: { external: /^onnxruntime/ },
    },
    ssr: { noExternal: true },
  });
await vite({
  plugins: [withoutChartless],
  resolve: { dedupe: ['hyparquet'] }, // a writer of it asks for an older one
  build: {
    ssr: 'cli/main.ts',
    outDir: 'dist/cli',
    target: 'node20',
    minify: true,
    license: { fileName: 'licenses.md' },
    rollupOptions: {
      external: /^wasm-distill/,
      output: { entryFileNames: 'main.js', chunkFileNames: 'chunk-[name].js' },
    },
  },
  ssr: { noExternal: true },
});
