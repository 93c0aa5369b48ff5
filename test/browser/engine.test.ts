import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { createEngine } from 'wasm-distill';
import type { OpName } from '#library/graph/names.js';
import { operators } from '#library/ops/index.js';
import { checkOperator } from '../support/check.ts';
import { GOLDEN } from '../support/golden.ts';
import { withPage } from './page.ts';

/** A digest of every operator's outputs in Node: Chromium must have the same bits. */
let inNode: string;

beforeAll(async () => {
  await using engine = await createEngine({ threads: 1 });
  const hash = createHash('sha256');
  for (const op of Object.keys(operators) as OpName[]) {
    for (const bits of (await checkOperator(engine, op)).bits) hash.update(bits);
  }
  inNode = hash.digest('hex');
});

test('an isolated page: operators and training on shared threads, the same bits as in Node', async () => {
  await withPage({ isolated: true }, async (run) => {
    expect(await run('operators', { threads: 2 })).toEqual({ failures: [], sha256: inNode });
    for (const threads of [1, 2, 3]) {
      const { hashes, report } = (await run('golden', { threads })) as {
        hashes: typeof GOLDEN;
        report: object;
      };
      expect(hashes).toEqual(GOLDEN);
      expect(report).toMatchObject({ threads, sharedMemory: true });
    }
  });
}, 180_000);

test('a page that is not isolated: one thread, the same bits, and the reason', async () => {
  await withPage({ isolated: false }, async (run) => {
    expect(await run('operators', { threads: 1 })).toEqual({ failures: [], sha256: inNode });
    const { hashes, report } = (await run('golden', { threads: 'auto' })) as {
      hashes: typeof GOLDEN;
      report: object;
    };
    expect(hashes).toEqual(GOLDEN);
    expect(report).toMatchObject({
      threads: 1,
      sharedMemory: false,
      reason: expect.stringContaining('cross-origin isolated'),
    });
    expect(await run('refuse', { threads: 2 })).toMatchObject({
      code: 'missing',
      message: expect.stringContaining('Cross-Origin-Opener-Policy'),
    });
  });
}, 180_000);
