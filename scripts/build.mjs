// Builds dist/: two wasm files by asc, the library by tsc, the command line by Vite (its libraries bundled in).
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const run = (script, ...args) => execFileSync(process.execPath, [script, ...args], { stdio: 'inherit' });
const compile = (...args) =>
  run('node_modules/assemblyscript/bin/asc.js', ...args, '--disableWarning', '112');

mkdirSync('dist/runtime', { recursive: true });
await import('./generate-micro-kernels.mjs');
compile('--config', 'asconfig.json');
compile('--config', 'assembly/infer/asconfig.json');
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json');
await build({
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: 'src/cli/main.ts',
    outDir: 'dist/cli',
    emptyOutDir: false,
    target: 'node20',
    rollupOptions: {
      external: ['wasm-distill', 'wasm-distill/infer'],
      output: { entryFileNames: 'main.js', chunkFileNames: 'chunk-[name].js' },
    },
  },
  ssr: { noExternal: true },
});
