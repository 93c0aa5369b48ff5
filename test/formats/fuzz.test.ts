import { expect, test } from 'vitest';
import { DistillError } from '#library/errors.js';
import { parsers } from '../support/parsers.js';
import { softParsers } from '../support/soft-parsers.js';

/** Inputs for each parser; `npm run fuzz` sets it to 100,000. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 1000);

/** No input of a few hundred bytes may take so long, in ms: it would be a hang. */
const LONGEST = 2000;

/** Whole numbers below n, the same every time. */
function numbers(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

/** A valid file with some damage: bytes changed, removed, put in or repeated, a number made large, the end cut off. */
function damaged(file: Uint8Array, below: (n: number) => number): Uint8Array {
  let bytes = [...file];
  for (let changes = 1 + below(4); changes > 0 && bytes.length > 0; changes--) {
    const at = below(bytes.length);
    const kind = below(6);
    if (kind === 0) bytes[at] = below(256);
    else if (kind === 1) bytes[at]! ^= 1 << below(8);
    else if (kind === 2) bytes.splice(at, 1 + below(8));
    else if (kind === 3) bytes.splice(at, 0, ...bytes.slice(at, at + 1 + below(16)));
    else if (kind === 4) bytes.fill(below(2) * 255, at, at + 1 + below(8));
    else if (below(4) === 0) bytes = bytes.slice(0, at);
  }
  return Uint8Array.from(bytes);
}

/** Noise, half of it behind the beginning of a valid file. */
function noise(file: Uint8Array, below: (n: number) => number): Uint8Array {
  const start = below(2) === 0 ? file.subarray(0, below(Math.min(32, file.length))) : [];
  return Uint8Array.from([...start, ...Array.from({ length: below(64) }, () => below(256))]);
}

test.each(Object.entries({ ...parsers, ...(await softParsers()) }))(
  '%s answers any bytes with a result or a DistillError',
  async (_, { parse, valid }) => {
    const files = valid();
    for (const file of files) await parse(file);
    const below = numbers(16);
    for (let run = 0; run < RUNS; run++) {
      const file = files[below(files.length)]!;
      const bytes = below(4) === 0 ? noise(file, below) : damaged(file, below);
      const started = performance.now();
      try {
        await parse(bytes);
      } catch (error) {
        if (!(error instanceof DistillError))
          throw new Error(`${error} for ${Buffer.from(bytes).toString('base64')}`, { cause: error });
        expect(error.message).toMatch(/\S/);
      }
      const took = performance.now() - started;
      if (took > LONGEST) throw new Error(`${took} ms for ${Buffer.from(bytes).toString('base64')}`);
    }
  },
  RUNS * 20 + 5000,
);
