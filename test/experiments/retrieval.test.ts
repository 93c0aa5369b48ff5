import { describe, expect, it } from 'vitest';
import { retrieval } from '../../experiments/retrieval.ts';

describe('retrieval', () => {
  it('is what it is by hand', () => {
    // On a line: 0 a, 1 b, 2 a, 10 b. a finds b, a, b: 1/2; b at 1 finds a, a, b: 1/3; a at 2 finds b, a, b: 1/2; b at
    // 10 finds a, b, a: 1/2.
    const { recallAtOne, meanAveragePrecision } = retrieval({
      values: Float32Array.of(0, 1, 2, 10),
      labels: Int32Array.of(0, 1, 0, 1),
    });
    expect(recallAtOne).toBe(0);
    expect(meanAveragePrecision).toBeCloseTo((1 / 2 + 1 / 3 + 1 / 2 + 1 / 2) / 4, 12);
  });

  it('counts all places of a class', () => {
    // In the plane, class 0 at (0,0), (0,1), (0,3), class 1 at (0,2) and (9,9). From (0,0): 0, 1, 0: (1 + 2/3)/2; from
    // (0,1): first (0,0), then (0,2) at the same distance, then (0,3): (1 + 2/3)/2; from (0,3): 1, 0, 0: (1/2 + 2/3)/2;
    // from (0,2): (0,1), (0,3), (0,0), (9,9): 1/4; from (9,9): (0,3), then (0,2): 1/2.
    const { recallAtOne, meanAveragePrecision } = retrieval({
      values: Float32Array.of(0, 0, 0, 1, 0, 3, 0, 2, 9, 9),
      labels: Int32Array.of(0, 0, 0, 1, 1),
    });
    expect(recallAtOne).toBeCloseTo(2 / 5, 12);
    expect(meanAveragePrecision).toBeCloseTo((5 / 6 + 5 / 6 + 7 / 12 + 1 / 4 + 1 / 2) / 5, 12);
  });

  it('leaves out samples that are alone in their class', () => {
    const alone = retrieval({ values: Float32Array.of(0, 1, 5), labels: Int32Array.of(0, 0, 1) });
    expect(alone).toEqual({ recallAtOne: 1, meanAveragePrecision: 1 });
    expect(retrieval({ values: Float32Array.of(0, 1), labels: Int32Array.of(0, 1) }).recallAtOne).toBe(0);
  });
});
