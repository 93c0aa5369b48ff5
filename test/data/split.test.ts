import { describe, expect, test } from 'vitest';
import { type Dataset, makeDataset } from 'wasm-distill';
import { concatenate, sampleAt, split, splitPlaces, withoutLabels } from 'wasm-distill/data';

/** Samples whose two numbers are their place, with these labels. */
function numbered(labels: readonly number[], classes = 3): Dataset {
  const values = Float32Array.from({ length: 2 * labels.length }, (_, i) => Math.floor(i / 2));
  return makeDataset({ inputs: { shape: [2], values }, labels, classes });
}

const places = (data: Dataset) => Array.from({ length: data.size }, (_, i) => sampleAt(data, i)[0]!);
const countsOf = ({ labels }: Dataset) => [-1, 0, 1, 2].map((c) => labels.filter((l) => l === c).length);

/** 20 of class 0, 10 of class 1, 5 of class 2, 4 without a label. */
const data = numbered([...Array(39).keys()].map((i) => (i < 20 ? 0 : i < 30 ? 1 : i < 35 ? 2 : -1)));

describe('a split', () => {
  test('has every sample once, in order, with its label', () => {
    const { part, rest } = split(data, 0.3, 1);
    expect([...places(part), ...places(rest)].sort((a, b) => a - b)).toEqual(places(data));
    for (const one of [part, rest]) {
      expect(places(one)).toEqual(places(one).sort((a, b) => a - b));
      places(one).forEach((place, i) => {
        expect(one.labels[i]).toBe(data.labels[place]);
      });
      expect(one).toMatchObject({ classes: 3, inputs: { shape: [2] } });
    }
  });

  test('goes by labels alone: the places of its parts are known without the samples', () => {
    const { part, rest } = split(data, 0.3, 1);
    const found = splitPlaces({ labels: data.labels, classes: 3 }, 0.3, 1);
    expect(found).toEqual({ part: places(part), rest: places(rest) });
    expect(() => splitPlaces({ labels: Int32Array.of(0, 3), classes: 3 }, 0.5, 1)).toThrow(
      /label 1 of splitPlaces is 3, but there are 3 classes/,
    );
  });

  test('has of each class its share, rounded so that the sum is right', () => {
    // 0.3 · 39 = 11.7 → 12: 6, 3, 1 and 1 of 6, 3, 1.5 and 1.2, and one more of the greatest fraction.
    expect(countsOf(split(data, 0.3, 1).part)).toEqual([1, 6, 3, 2]);
    // 0.25 · 39 = 9.75 → 10: 5, 2.5, 1.25, 1.
    expect(countsOf(split(data, 0.25, 1).part)).toEqual([1, 5, 3, 1]);
    // 0.5 · 39 = 19.5 → 20: 10, 5, 2.5, 2.
    expect(countsOf(split(data, 0.5, 1).part)).toEqual([2, 10, 5, 3]);
    // Equal fractions: the first classes.
    expect(countsOf(split(numbered([0, 1, 2, 0, 1, 2]), 1 / 3, 1).part)).toEqual([0, 1, 1, 0]);
  });

  test('of 3 % of 60,000 has 1,800, and so has the share 1800/60000', () => {
    const many = numbered(
      Array.from({ length: 60_000 }, (_, i) => i % 10),
      10,
    );
    for (const share of [0.03, 1800 / 60_000]) {
      const { part, rest } = split(many, share, 7);
      expect([part.size, rest.size]).toEqual([1800, 58_200]);
      for (let c = 0; c < 10; c++) expect(part.labels.filter((l) => l === c).length).toBe(180);
    }
  });

  test('is the same for the same seed everywhere, and another for another', () => {
    expect(places(split(data, 0.2, 1).part)).toEqual(GOLDEN);
    expect(places(split(data, 0.2, 1).part)).toEqual(places(split(data, 0.2, 1).part));
    expect(places(split(data, 0.2, 2).part)).not.toEqual(places(split(data, 0.2, 1).part));
  });

  test('is drawn at random: every sample goes to the part about as often', () => {
    const hits = new Float64Array(20);
    for (let seed = 0; seed < 400; seed++)
      for (const place of places(split(numbered(Array(20).fill(0)), 0.5, seed).part)) hits[place]!++;
    // Binomial, n = 400: a deviation of 10.
    for (const n of hits) expect(Math.abs(n - 200)).toBeLessThan(45);
  });

  test('of a smaller share has samples of the larger one', () => {
    const [small, large] = [0.1, 0.4].map((share) => new Set(places(split(data, share, 3).part)));
    expect([...small!].every((place) => large!.has(place))).toBe(true);
  });

  test('keeps bytes and class names', () => {
    const images = makeDataset({
      inputs: { shape: [1, 2, 1], values: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]) },
      labels: [0, 0, 1, 1],
      classNames: ['cat', 'dog'],
    });
    const { part, rest } = split(images, 0.5, 1);
    expect(part.classNames).toEqual(['cat', 'dog']);
    expect([...part.inputs.values, ...rest.inputs.values].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(part.inputs.values).toBeInstanceOf(Uint8Array);
  });

  test('is refused where a part would be empty, and for what is no share', () => {
    expect(() => split(numbered([0, 1]), 0.1, 1)).toThrow(
      /0.1 of 2 samples are 0, but both parts need at least one/,
    );
    expect(() => split(numbered([0, 1]), 0.9, 1)).toThrow(/0.9 of 2 samples are 2/);
    for (const share of [0, 1, -0.1, Number.NaN, 3]) expect(() => split(data, share, 1)).toThrow(/the share/);
    expect(() => split(data, 0.5, -1)).toThrow(/the seed/);
  });
});

describe('data sets joined', () => {
  const named = { ...numbered([0, 1]), classNames: ['a', 'b', 'c'] };

  test('are the samples of the one, then of the other', () => {
    const joined = concatenate(named, numbered([2, -1, 0]));
    expect(places(joined)).toEqual([0, 1, 0, 1, 2]);
    expect([...joined.labels]).toEqual([0, 1, 2, -1, 0]);
    expect(joined).toMatchObject({ size: 5, classes: 3, classNames: ['a', 'b', 'c'] });
  });

  test('where nothing of the second is labeled, its classes don’t matter', () => {
    const joined = concatenate(named, withoutLabels(numbered([9, 8], 10)));
    expect([...joined.labels]).toEqual([0, 1, -1, -1]);
    expect(joined.classes).toBe(3);
  });

  test('of bytes are bytes', () => {
    const bytes = makeDataset({ inputs: { shape: [2], values: Uint8Array.of(1, 2) }, labels: [0] });
    expect(concatenate(bytes, bytes).inputs.values).toEqual(Uint8Array.of(1, 2, 1, 2));
    expect(() => concatenate(numbered([0]), bytes)).toThrow(
      /floats of shape \[2\] can't be joined with bytes of shape \[2\]/,
    );
  });

  test('must be of the same shape and classes', () => {
    const wide = makeDataset({
      inputs: { shape: [1, 2], values: new Float32Array(2) },
      labels: [0],
      classes: 3,
    });
    expect(() => concatenate(named, wide)).toThrow(
      /of shape \[2\] can't be joined with floats of shape \[1,2\]/,
    );
    expect(() => concatenate(named, numbered([0], 2))).toThrow(/labels of 3 classes .* labels of 2/);
    const other = { ...numbered([0, 1]), classNames: ['a', 'c', 'b'] };
    expect(() => concatenate(named, other)).toThrow(
      /class 1 is "b" in the one data set and "c" in the other/,
    );
  });
});

const GOLDEN = [2, 7, 11, 17, 20, 23, 31, 35];
