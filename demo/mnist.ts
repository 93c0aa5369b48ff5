import { type Dataset, DistillError } from 'wasm-distill';
import { grayImages } from 'wasm-distill/data';
import { readIdx } from 'wasm-distill/formats';

/** Fetches MNIST's four files, gzipped, from a folder's address, which ends in a slash; `onProgress` is told the share of the training images that has come. */
export async function fetchMnist(
  folder: string,
  onProgress: (share: number) => void,
): Promise<{ train: Dataset; test: Dataset }> {
  const set = async (name: 'train' | 't10k', told?: (share: number) => void) => {
    const [images, labels] = await Promise.all([
      readFile(`${folder}${name}-images-idx3-ubyte.gz`, told),
      readFile(`${folder}${name}-labels-idx1-ubyte.gz`),
    ]);
    return grayImages(images, labels, { name });
  };
  const [train, test] = await Promise.all([set('train', onProgress), set('t10k')]);
  return { train, test };
}

async function readFile(address: string, onProgress?: (share: number) => void) {
  const name = address.slice(address.lastIndexOf('/') + 1);
  const response = await fetch(address).catch((error: Error) => {
    throw missing(name, error.message);
  });
  if (!response.ok || !response.body) throw missing(name, `the server answers ${response.status}`);
  // A host that unpacks on the way sends more than it announces.
  const expected = Number(response.headers.get('Content-Length')) || Number.POSITIVE_INFINITY;
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    received += value.length;
    onProgress?.(Math.min(1, received / expected));
  }
  return readIdx(new Uint8Array(await new Blob(chunks).arrayBuffer()), name);
}

function missing(name: string, why: string): DistillError {
  return new DistillError(
    'missing',
    `${name} can't be fetched (${why}): reload the page when there is a connection`,
  );
}
