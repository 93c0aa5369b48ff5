import { join } from 'node:path';
import { build, type Rolldown } from 'vite';

export type Chunk = Rolldown.OutputChunk | Rolldown.OutputAsset;

/** Bundles a file of test/infer/pages, minified and for browsers, as somebody who uses the package would. */
export async function bundle(input: string, outDir: string, external: string[] = []): Promise<Chunk[]> {
  const root = join(import.meta.dirname, 'pages');
  const result = await build({
    configFile: false,
    envDir: false,
    publicDir: false,
    root,
    logLevel: 'error',
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: false,
      rollupOptions: {
        input: join(root, input),
        external,
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js' },
      },
    },
  });
  return (result as Rolldown.RolldownOutput).output;
}
