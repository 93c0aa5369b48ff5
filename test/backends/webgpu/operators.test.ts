import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from 'wasm-distill';
import type { OpName } from '#library/graph/names.js';
import { operators } from '#library/ops/index.js';
import { checkOperator } from '../../support/check.ts';
import { gpuEngine } from '../../support/webgpu.ts';

describe('operators on a GPU', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await gpuEngine();
  });
  afterAll(() => engine.close());

  test.each(Object.keys(operators) as OpName[])(
    '%s',
    async (op) => {
      const { failures, cases } = await checkOperator(engine, op, { forward: true });
      expect(failures).toEqual([]);
      expect(cases).toBeGreaterThan(0);
      // A GPU in software takes a second to compile a kernel, and longer beside other work.
    },
    600_000,
  );
});
