import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createEngine } from 'wasm-distill';
import { GOLDEN, trainGolden } from '../support/golden.ts';
import { newerNode } from '../support/newer-node.ts';

interface Seen {
  kernels: string;
  failures: string[];
  checked: number;
  hashes: (typeof GOLDEN)[];
}

test('fast kernels are taken where there is relaxed SIMD, right, and the same with any number of threads', async () => {
  const script = `
    import { createEngine } from 'wasm-distill';
    import { allTransposes, check } from './test/support/products.ts';
    import { checkConvolutions, odd } from './test/support/convolutions.ts';
    import { trainGolden } from './test/support/golden.ts';
    const cases = [];
    for (const [m, n, k] of [[1, 1, 1], [1, 61, 33], [5, 7, 403], [6, 8, 8], [7, 53, 17], [13, 70, 402], [245, 61, 35], [128, 100, 784]])
      cases.push(...allTransposes(m, n, k), ...allTransposes(m, n, k, ['bias', 'relu', 'mask']));
    const hashes = [];
    let seen;
    for (const threads of [1, 2, 3]) {
      const engine = await createEngine({ threads, fast: true });
      seen = { kernels: engine.report().kernels, ...(await check(engine, cases)) };
      seen.failures.push(...(await checkConvolutions(engine, odd)).failures);
      hashes.push(await trainGolden(engine));
      await engine.close();
    }
    console.log(JSON.stringify({ ...seen, hashes }));`;
  const { stdout } = await promisify(execFile)(await newerNode(), ['--input-type=module', '-e', script]);
  const { kernels, failures, checked, hashes } = JSON.parse(stdout) as Seen;
  expect({ kernels, failures, checked }).toEqual({ kernels: 'fast', failures: [], checked: 64 });
  expect(hashes[1]).toEqual(hashes[0]);
  expect(hashes[2]).toEqual(hashes[0]);
  expect(hashes[0]).not.toEqual(GOLDEN);
});

test('the exact kernels are taken where there is no relaxed SIMD, and where nothing is said', async () => {
  const relaxed = Number(process.versions.node.split('.')[0]) >= 22;
  await using asked = await createEngine({ threads: 1, fast: true });
  expect(asked.report().kernels).toBe(relaxed ? 'fast' : 'exact');
  await using plain = await createEngine({ threads: 1 });
  expect(plain.report().kernels).toBe('exact');
  if (!relaxed) expect(await trainGolden(asked)).toEqual(GOLDEN);
});
