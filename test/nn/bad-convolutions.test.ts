import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Architecture, createEngine, type Engine, type LayerSpec, train } from 'wasm-distill';
import { network, variable } from 'wasm-distill/graph';
import { checkArchitecture } from '#library/nn/architecture.js';
import { syntheticData } from '../support/golden.ts';

/** What can be wrong with a convolutional network is told in one sentence, before anything is trained. */

const classes: LayerSpec = { dense: 10 };
const of = (shape: number[], ...layers: unknown[]) => ({ input: { shape }, layers: [...layers, classes] });
const image = (...layers: unknown[]) => of([12, 12, 4], ...layers);

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
});
afterAll(() => engine.close());

describe('windows and images', () => {
  test.each<[string, unknown, string]>([
    [
      'a kernel larger than its image',
      image({ conv: 8, kernel: 13, pad: 0 }),
      'layer 0: conv: a window of 13 × 13 is larger than the image of 12 × 12',
    ],
    [
      'one that is too large by its dilation',
      image({ conv: 8, kernel: 5, dilation: 4, pad: 0 }),
      'layer 0: conv: a window of 5 × 5, dilated to 17 × 17, is larger than the image of 12 × 12',
    ],
    [
      'one that is too large in spite of padding, in one direction',
      image({ depthwise: [3, 15], pad: 1 }),
      'layer 0: depthwise: a window of 3 × 15 is larger than the image of 12 × 12, padded by 1, 1, 1, 1',
    ],
    [
      'a pool of an image that earlier pools made small',
      image({ pool: 2 }, { pool: 2 }, { pool: 4 }),
      'layer 2: pool: a window of 4 × 4 is larger than the image of 3 × 3',
    ],
    [
      'a pool of 1 × 1 images',
      of([1, 1, 4], { conv: 8 }, { pool: 2 }),
      'layer 1: pool: a window of 2 × 2 is larger than the image of 1 × 1',
    ],
    [
      'a valid convolution of 1 × 1 images',
      of([1, 1, 4], { conv: 8, pad: 0 }),
      'layer 0: conv: a window of 3 × 3 is larger than the image of 1 × 1',
    ],
    [
      'a pool that could see nothing but padding',
      image({ pool: 2, pad: 2 }),
      'layer 0: pool: the padding 2, 2, 2, 2 must be less than the window of 2 × 2',
    ],
    [
      'an average of the same kind, on one side only',
      image({ avg: [2, 3], pad: [0, 0, 0, 3] }),
      'layer 0: avg: the padding 0, 0, 0, 3 must be less than the window of 2 × 3',
    ],
    [
      'a transposed convolution whose padding leaves nothing',
      of([1, 1, 4], { deconv: 8, kernel: 3, pad: 2 }),
      'layer 0: deconv: nothing is left of an image of 1 × 1 with a padding of 2, 2, 2, 2',
    ],
    [
      'rows where images are needed',
      of([144], { conv: 8 }),
      'layer 0: conv takes images of [height, width, channels], but its input is [144]',
    ],
    [
      'images that became rows',
      image({ gap: true }, { pool: 2 }),
      'layer 1: pool takes images of [height, width, channels], but its input is [4]',
    ],
    ['a stride of 0', image({ conv: 8, stride: 0 }), 'layer 0: stride must be a whole number from 1'],
    ['a negative padding', image({ conv: 8, pad: -1 }), 'layer 0: pad must be "same", a whole number from 0'],
    ['three paddings', image({ pool: 2, pad: [1, 1, 1] }), 'layer 0: pad must be "same"'],
    ['a kernel of 2.5', image({ conv: 8, kernel: 2.5 }), 'layer 0: kernel must be a whole number from 1'],
    ['no filters', image({ conv: 0 }), 'layer 0: conv must be a whole number from 1'],
    ['upsampling by 0', image({ upsample: 0 }), 'layer 0: upsample must be a whole number from 1'],
  ])('%s', (_, architecture, message) => {
    refused(architecture, message);
  });

  test('1 × 1 images are convolved where the kernel is padded', () => {
    expect(checkArchitecture(of([1, 1, 4], { conv: 8 }, { depthwise: 3 }, { gap: true }))).toBeDefined();
  });
});

describe('channels and branches', () => {
  test.each<[string, unknown, string]>([
    [
      'channels that do not divide into groups',
      image({ conv: 9, groups: 3 }),
      "layer 0: conv: 4 channels and 9 filters can't both be divided into 3 groups",
    ],
    [
      'filters that do not divide into groups',
      image({ conv: 9, groups: 2 }),
      "layer 0: conv: 4 channels and 9 filters can't both be divided into 2 groups",
    ],
    [
      'channels that do not divide into pieces',
      image({ conv: 8 }, { maxout: 3 }),
      "layer 1: maxout: 8 channels can't be divided into groups of 3",
    ],
    [
      'a shortcut of other channels',
      image({ name: 'mid', sum: [[{ conv: 8 }], []] }),
      'layer mid: the branches of a sum must have the same shape, but have [12,12,8] and [12,12,4]',
    ],
    [
      'a shortcut without the stride',
      image({ sum: [[{ conv: 4, stride: 2 }], []] }),
      'layer 0: the branches of a sum must have the same shape, but have [6,6,4] and [12,12,4]',
    ],
    [
      'a joined branch of another size',
      image({ concat: [[{ conv: 4 }], [{ conv: 4, pad: 0 }]] }),
      'layer 0: the branches of a concat must have the same height and width, but have [12,12,4] and [10,10,4]',
    ],
    ['one branch', image({ sum: [[{ conv: 4 }]] }), 'layer 0: sum must be a list of at least two lists'],
    ['a branch that is no list', image({ sum: [{ conv: 4 }, []] }), 'layer 0: sum must be a list'],
    [
      'a wrong layer inside, told by its path',
      image({ name: 'mid', sum: [[{ conv: 4 }, { conv: 4, kernel: 99, pad: 0 }], []] }),
      'layer mid.0.1: conv: a window of 99 × 99 is larger than the image of 12 × 12',
    ],
    ['another norm', image({ norm: 'layer' }), 'layer 0: norm must be "batch", not "layer"'],
    ['a momentum of 0', image({ norm: 'batch', momentum: 0 }), 'layer 0: momentum must be a number above 0'],
    ['an epsilon of 0', image({ norm: 'batch', epsilon: 0 }), 'layer 0: epsilon must be a positive number'],
    [
      'images for classes',
      { input: { shape: [12, 12, 4] }, layers: [{ conv: 10 }] },
      'the network ends with outputs of shape [12,12,10]: end it with a row of classes, such as {"dense": 10}',
    ],
  ])('%s', (_, architecture, message) => {
    refused(architecture, message);
  });
});

describe('names and taps', () => {
  test.each<[string, unknown, string]>([
    ['two layers', image({ name: 'a', conv: 4 }, { name: 'a', relu: true }), 'layer 1 (a): two layers'],
    [
      'a layer and one inside a composite',
      image({ name: 'a', conv: 4 }, { sum: [[{ name: 'a', conv: 4 }], []] }),
      'layer 1.0.0 (a): two layers have this name',
    ],
    [
      'a composite and one of its own layers',
      image({ name: 'a', sum: [[{ name: 'a', conv: 4 }], []] }),
      'layer a.0.0 (a): two layers have this name',
    ],
    [
      'a name that is another layer’s path',
      image({ name: 'mid', sum: [[{ conv: 4 }], []] }, { name: 'mid.0.0', relu: true }),
      'layer 1 (mid.0.0): two layers have this name',
    ],
  ])('names twice: %s', (_, architecture, message) => {
    refused(architecture, message);
  });

  test('a tap that does not exist is told with those that do', () => {
    const { forward } = network(
      image({ name: 'mid', sum: [[{ conv: 4 }, { relu: true }], []] }) as Architecture,
    );
    const { at } = forward(variable('x', [2, 12, 12, 4]), 'infer');
    expect(at('mid.0.1').shape).toEqual([2, 12, 12, 4]);
    for (const tap of ['middle', 'mid.1.0', 'mid:pre', '0.2.0', 'mid.0.0:pre'])
      expect(() => at(tap)).toThrow(
        `there is no layer ${JSON.stringify(tap)} to tap: there are mid.0.0, mid.0.1, mid.0.1:pre, mid, 1`,
      );
  });
});

describe('training', () => {
  const data = syntheticData(40);
  const norm = { norm: 'batch' as const };
  const options = { data, epochs: 1, seed: 1 };

  test.each<[string, LayerSpec[], number]>([
    ['of rows', [{ dense: 6, bias: false }, norm, { dense: 10 }], 1],
    ['of 1 × 1 images', [{ conv: 6, kernel: 12, pad: 0 }, norm, { dense: 10 }], 1],
  ])('batches of 1 with batch norm %s', async (_, layers, batch) => {
    const architecture = { input: { shape: [12, 12, 1] }, layers };
    await expect(train(engine, { ...options, architecture, batch })).rejects.toThrow(
      expect.objectContaining({
        code: 'bad-argument',
        message: expect.stringMatching(
          /^layer 1: batch norm can't be trained on one row.*batches of at least 2$/,
        ),
      }),
    );
  });

  test('a network for other images than the data has', async () => {
    const architecture: Architecture = {
      input: { shape: [12, 12, 3] },
      layers: [{ conv: 4 }, { dense: 10 }],
    };
    await expect(train(engine, { ...options, architecture })).rejects.toThrow(
      expect.objectContaining({ code: 'mismatch', message: expect.stringContaining('12 × 12 × 3') }),
    );
  });
});

function refused(architecture: unknown, message: string): void {
  let error: unknown;
  try {
    checkArchitecture(architecture);
  } catch (caught) {
    error = caught;
  }
  expect(error).toMatchObject({ code: 'bad-argument', message: expect.stringContaining(message) });
  // One sentence, of a length that a person reads.
  expect((error as Error).message).not.toMatch(/\n|undefined|NaN|\[object/);
  expect((error as Error).message.length).toBeLessThan(300);
}
