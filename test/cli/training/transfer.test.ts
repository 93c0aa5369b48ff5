import { describe, expect, it } from 'vitest';
import { type Dataset, take } from 'wasm-distill';
import type { Data } from '../../../cli/data/reader.ts';
import { inMemory } from '../../../cli/data/stream.ts';
import { epochsOnLabels, parseTransfer, type Transfer, transferSet } from '../../../cli/training/transfer.ts';
import { syntheticData } from '../../support/golden.ts';

describe('parseTransfer', () => {
  it.each([
    ['all', { kind: 'all' }],
    ['100%', { kind: 'all' }],
    ['3%', { kind: 'share', share: 0.03 }],
    ['.5%', { kind: 'share', share: 0.005 }],
    ['1800', { kind: 'count', count: 1800 }],
    ['more/images', { kind: 'further', path: 'more/images' }],
    ['3%.npy', { kind: 'further', path: '3%.npy' }],
  ])('%s', (text, transfer) => {
    expect(parseTransfer(text)).toEqual(transfer);
  });

  it.each(['0', '0%', '101%', '0.03', '-5', ''])('refuses %j', (text) => {
    expect(() => parseTransfer(text)).toThrow(/^--transfer must be all, a share such as 3%/);
  });
});

describe('transferSet', () => {
  const train = syntheticData(200);
  const further = take(syntheticData(30), 30);
  const ways = { seed: 5, load: async () => further, keep: async (part: Data) => part };
  const setOf = async (given: Transfer, how = ways) => {
    const { distilled, labeled } = await transferSet(train, given, how);
    return { distilled: inMemory(distilled), labeled: inMemory(labeled) };
  };
  const counts = ({ labels, classes }: Dataset) =>
    Array.from({ length: classes }, (_, c) => labels.filter((label) => label === c).length);

  it('draws a part within each class, by the seed', async () => {
    const { distilled, labeled } = await setOf({ kind: 'share', share: 0.1 });
    expect(labeled).toBe(distilled);
    expect(distilled.size).toBe(20);
    const [some, all] = [counts(distilled), counts(train)];
    some.forEach((n, c) => void expect(Math.abs(n - all[c]! / 10)).toBeLessThan(1));
    const again = await setOf({ kind: 'count', count: 20 });
    expect(again.distilled.inputs.values).toEqual(distilled.inputs.values);
    const other = await setOf({ kind: 'count', count: 20 }, { ...ways, seed: 6 });
    expect(other.distilled.inputs.values).not.toEqual(distilled.inputs.values);
  });

  it('mixes further samples in, without their labels', async () => {
    const { distilled, labeled } = await setOf({ kind: 'further', path: 'x' });
    expect(labeled).toBe(train);
    expect(distilled.size).toBe(230);
    expect(distilled.labels.slice(0, 200)).toEqual(train.labels);
    expect(distilled.labels.slice(200)).toEqual(new Int32Array(30).fill(-1));
    // The labels' student makes as many steps: 3 epochs of 5 are 15, of 4 it takes 4 epochs.
    expect(epochsOnLabels({ distilled, labeled }, { epochs: 3, batch: 50 })).toBe(4);
    expect(epochsOnLabels({ distilled: train, labeled: train }, { epochs: 3, batch: 50 })).toBe(3);
  });

  it('refuses more than there is', async () => {
    await expect(setOf({ kind: 'count', count: 201 })).rejects.toThrow(
      /--transfer 201 is more than the 200 training samples/,
    );
    expect((await setOf({ kind: 'count', count: 200 })).distilled).toBe(train);
  });
});
