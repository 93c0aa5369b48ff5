import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createEngine } from 'wasm-distill';
import { GOLDEN, trainGolden } from '../support/golden.ts';
import { newerNode } from '../support/newer-node.ts';

test.each([1, 2, 3, 7])('the golden weights come out with %i threads', async (threads) => {
  await using engine = await createEngine({ threads });
  expect(await trainGolden(engine)).toEqual(GOLDEN);
});

test('the golden weights come out of a team that is half of an engine', async () => {
  await using engine = await createEngine({ threads: 2 });
  const hashes = await Promise.all(engine.divide(2).map(trainGolden));
  expect(hashes).toEqual([GOLDEN, GOLDEN]);
});

test('the golden weights come out of a newer Node', async () => {
  const node = await newerNode();
  const script = `
    import { createEngine } from 'wasm-distill';
    import { trainGolden } from './test/support/golden.ts';
    const engine = await createEngine({ threads: 2 });
    console.log(JSON.stringify([process.version, await trainGolden(engine)]));`;
  const { stdout } = await promisify(execFile)(node, ['--input-type=module', '-e', script]);
  const [version, hashes] = JSON.parse(stdout) as [string, typeof GOLDEN];
  expect(Number(version.slice(1).split('.')[0])).toBeGreaterThanOrEqual(22);
  expect(hashes).toEqual(GOLDEN);
});
