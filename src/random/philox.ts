import { STREAM_KINDS, type Stream } from './streams.js';

/**
 * Philox4x32-10 (Salmon, Moraes, Dror & Shaw, SC 2011) in plain TypeScript: used for draws on the host, and as the
 * reference that the kernels' random numbers are tested against. Element e of an array takes word (e / 4) mod 4 of
 * block 4·⌊e / 16⌋ + e mod 4; the counter is (block, step, stream's index, stream's kind).
 */
export function philoxWords(seed: number, stream: Stream, step: number, count: number): Uint32Array {
  const words = new Uint32Array(count);
  const blocks = 4 * Math.ceil(count / 16);
  for (let block = 0; block < blocks; block++) {
    const first = 16 * Math.floor(block / 4) + (block % 4);
    const four = philox([block, step, stream.index, STREAM_KINDS[stream.kind]], [seed, 0]);
    // What is written beyond the end is dropped.
    four.forEach((word, i) => {
      words[first + 4 * i] = word;
    });
  }
  return words;
}

type Four = [number, number, number, number];

/** One block: ten rounds on a counter of four words and a key of two. */
export function philox(counter: Four, key: [number, number]): Four {
  let [x0, x1, x2, x3] = counter.map((x) => BigInt(x >>> 0)) as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key.map((k) => BigInt(k >>> 0)) as [bigint, bigint];
  const low = 0xffffffffn;
  for (let round = 0; round < 10; round++) {
    const p0 = x0 * 0xd2511f53n;
    const p1 = x2 * 0xcd9e8d57n;
    [x0, x1, x2, x3] = [(p1 >> 32n) ^ x1 ^ k0, p1 & low, (p0 >> 32n) ^ x3 ^ k1, p0 & low];
    k0 = (k0 + 0x9e3779b9n) & low;
    k1 = (k1 + 0xbb67ae85n) & low;
  }
  return [x0, x1, x2, x3].map(Number) as Four;
}
