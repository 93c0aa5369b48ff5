import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Dataset, DistillError, makeDataset, select, take } from 'wasm-distill';
import { concatenate, loadStream, type SampleStream, someOf, split, withoutLabels } from 'wasm-distill/data';
import { streamOf, unevenShards } from '../support/streams.ts';

/** Samples of three bytes that tell their number, of four classes, some unlabeled. */
function numbered(size: number): Dataset {
  const values = Uint8Array.from({ length: 3 * size }, (_, i) => Math.floor(i / 3) >> (8 * (i % 3)));
  const labels = Int32Array.from({ length: size }, (_, i) => ((i * 7) % 5) - 1);
  return makeDataset({ inputs: { shape: [3], values }, labels, classNames: ['a', 'b', 'c', 'd'] });
}

const data = numbered(500);
const named = (stream: SampleStream): SampleStream => ({ ...stream, classNames: data.classNames! });
const stream = () => named(streamOf(data, unevenShards(500, 60)));

describe('parts of a stream', () => {
  test('are those of the same samples in memory', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(299), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 300 }),
        async (numbers, most) => {
          const whole = take(data, 300);
          const given = streamOf(whole, unevenShards(300, most));
          const chosen = numbers.sort((a, b) => a - b);
          expect(await loadStream(named(select(given, chosen)))).toEqual(select(whole, chosen));
        },
      ),
      { numRuns: 60 },
    );
    for (const n of [1, 8, 499, 500]) expect(await loadStream(take(stream(), n))).toEqual(take(data, n));
  });

  test('read only the shards that they have samples of', async () => {
    const whole = streamOf(data, [100, 100, 100, 100, 100]);
    const some = select(whole, [5, 99, 300]);
    expect(some.shards).toEqual([2, 1]);
    expect([...(await some.read(1))]).toEqual([300 & 255, 300 >> 8, 0]);
    expect(whole.reads).toEqual([3]);
    await loadStream(take(whole, 150));
    expect(whole.reads).toEqual([3, 0, 1]);
  });

  test('are split as the samples in memory are, also again', async () => {
    const [streamed, resident] = [split(stream(), 0.2, 3), split(data, 0.2, 3)];
    expect(await loadStream(streamed.part)).toEqual(resident.part);
    expect(await loadStream(streamed.rest)).toEqual(resident.rest);
    const [again, other] = [split(streamed.rest, 0.3, 1), split(resident.rest, 0.3, 1)];
    expect(await loadStream(again.part)).toEqual(other.part);
  });

  test('ascend', () => {
    expect(() => select(stream(), [3, 3])).toThrow(/sample 3 was asked for after 3: give ascending/);
    expect(() => select(stream(), [5, 4])).toThrow(DistillError);
    expect(() => select(stream(), [])).toThrow(/no samples/);
    expect(() => select(stream(), [500])).toThrow(/there is no sample 500: they go from 0 to 499/);
    expect(() => take(stream(), 501)).toThrow(/can't take 501 of 500 samples/);
  });
});

describe('streams joined with others', () => {
  const further = withoutLabels(numbered(70));

  test('have all samples, in their order', async () => {
    const expected = concatenate(data, further);
    for (const [one, other] of [
      [stream(), further],
      [data, streamOf(further, [30, 40])],
      [stream(), streamOf(further, [70])],
    ] as const) {
      const whole = concatenate(one, other) as SampleStream;
      expect(await loadStream(whole)).toEqual(expected);
    }
    expect(() => concatenate(stream(), numbered(3) as Dataset | SampleStream)).not.toThrow();
    const others = makeDataset({ inputs: { shape: [2], values: new Uint8Array(2) }, labels: [0] });
    expect(() => concatenate(stream(), others)).toThrow(
      /bytes of shape \[3\] can't be joined with bytes of shape \[2\]/,
    );
  });

  test('lose their labels, also where read() is a class’s', async () => {
    class Own {
      constructor(stream: SampleStream) {
        Object.assign(this, { ...stream, read: undefined });
        Reflect.deleteProperty(this, 'read');
      }
      read(shard: number) {
        return stream().read(shard);
      }
    }
    const own = new Own(stream()) as unknown as SampleStream;
    expect(await loadStream(withoutLabels(own) as SampleStream)).toEqual(withoutLabels(data));
  });
});

describe('a pass over a stream', () => {
  test('tells how far it is, and ends by its signal', async () => {
    const told: number[] = [];
    const onProgress = ({ samples }: { samples: number }) => void told.push(samples);
    const whole = streamOf(data, [200, 200, 100]);
    await loadStream(whole, { onProgress });
    expect(told).toEqual([200, 400, 500]);
    await someOf(whole, 3, { onProgress });
    expect(told.slice(3)).toEqual([200, 400, 500]);
    const controller = new AbortController();
    const stopped = loadStream(whole, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect(whole.reads).toHaveLength(7);
    const failing = () => {
      throw new Error('no more');
    };
    await expect(loadStream(whole, { onProgress: failing })).rejects.toThrow('no more');
  });

  test('is refused where memory is', async () => {
    const huge: SampleStream = {
      ...{ shape: [2 ** 26], values: 'floats', size: 2 ** 12, classes: 1, labels: new Int32Array(2 ** 12) },
      ...{ shards: [2 ** 12], read: async () => new Float32Array(0) },
    };
    await expect(loadStream(huge)).rejects.toMatchObject({ code: 'memory' });
  });
});
