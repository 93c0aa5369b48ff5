import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { BrowserContext } from 'playwright-core';
import { loadMnist, take } from 'wasm-distill';
import type { Mnist } from '../../demo/sets.ts';

/** So few that convolutional teachers are trained in a second; all that the page shows of the test images is there. */
const SIZES = { train: 4000, t10k: 1000 };

/** MNIST's first images, for Node. */
export async function smallMnist(): Promise<Mnist> {
  const { train, test } = await loadMnist();
  return { train: take(train, SIZES.train), test: take(test, SIZES.t10k) };
}

/** The same for a page: of the files that the demo serves, the first rows. */
export async function withSmallMnist(context: BrowserContext): Promise<void> {
  await context.route('**/mnist/*.gz', async (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1)!;
    const path = fileURLToPath(new URL(`../../demo/dist/mnist/${name}`, import.meta.url));
    await route.fulfill({ body: firstRows(gunzipSync(await readFile(path)), name) });
  });
}

/** An IDX file of bytes, cut. */
function firstRows(file: Buffer, name: string): Buffer {
  const rows = name.startsWith('train') ? SIZES.train : SIZES.t10k;
  const dimensions = file[3]!;
  const row = dimensions === 3 ? 28 * 28 : 1;
  const header = 4 + 4 * dimensions;
  const cut = Buffer.from(file.subarray(0, header + rows * row));
  cut.writeUInt32BE(rows, 4);
  return cut;
}
