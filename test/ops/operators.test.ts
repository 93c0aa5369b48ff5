import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from 'wasm-distill';
import { referenceEngine } from '#library/backends/reference/engine.js';
import type { OpName } from '#library/graph/names.js';
import { operators } from '#library/ops/index.js';
import { checkDerivatives, checkOperator, differentiable } from '../support/check.ts';

describe('operators', () => {
  let engines: Engine[];
  beforeAll(async () => {
    engines = await Promise.all([1, 2, 3].map((threads) => createEngine({ threads })));
  });
  afterAll(async () => {
    await Promise.all(engines.map((engine) => engine.close()));
  });

  test.each(Object.keys(operators) as OpName[])(
    '%s: forward and gradients, the same bits with 1, 2 and 3 threads',
    async (op) => {
      const [one, two, three] = [
        await checkOperator(engines[0]!, op),
        await checkOperator(engines[1]!, op),
        await checkOperator(engines[2]!, op),
      ];
      expect(one.failures).toEqual([]);
      expect(one.cases).toBeGreaterThan(0);
      expect(two.bits).toEqual(one.bits);
      expect(three.bits).toEqual(one.bits);
    },
  );

  test.each((Object.keys(operators) as OpName[]).filter(differentiable))(
    '%s: gradients, first and second, against finite differences',
    (op) => {
      const { failures, checks } = checkDerivatives(op);
      expect(failures).toEqual([]);
      expect(checks).toBeGreaterThan(0);
    },
  );

  test.each(Object.keys(operators) as OpName[])('%s: the same cases on the reference backend', async (op) => {
    const engine = referenceEngine();
    expect((await checkOperator(engine, op)).failures).toEqual([]);
  });
});
