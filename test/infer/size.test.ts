import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { bundle } from './bundle.ts';

test('all that it needs, bundled and gzipped, is under 20 kB and asks for nothing else', async () => {
  const chunks = await bundle('library.ts', await temporaryFolder());
  expect(chunks.map(({ fileName }) => fileName.replace(/^.*\./, '')).sort()).toEqual(['js', 'wasm']);
  const contents = chunks.map((chunk) => (chunk.type === 'chunk' ? chunk.code : chunk.source));
  const bytes = contents.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0);
  console.log(`wasm-distill/infer: ${bytes} bytes gzipped`);
  expect(bytes).toBeLessThan(20_000);
  for (const chunk of chunks) {
    if (chunk.type !== 'chunk') continue;
    expect(chunk.imports).toEqual([]);
    expect(chunk.dynamicImports).toEqual([]);
    expect(chunk.code).not.toMatch(/\beval\(|Function\(|node:|Blob|SharedArrayBuffer/);
  }
});
