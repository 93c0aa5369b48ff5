import { describe, expect, test } from 'vitest';
import { type Architecture, countParameters, mlp, parseShorthand, type ShorthandOptions } from 'wasm-distill';
import { shorthandOf } from 'wasm-distill/graph';
import { byteInput } from '#library/nn/specs.js';

const hidden = (units: number) => [{ dense: units }, { relu: true }];
const read = (text: string, options?: ShorthandOptions) => parseShorthand(text, options).architecture;

const KNOWN =
  'nobn, conv, deconv, dw, sep, res, pre, fire, convm, dense, pool, avg, gap, up, drop, flatten, norm, bnrelu, relu, leaky, sigmoid, tanh, maxout';

/** What a layer with batch norm and a ReLU comes to. */
const normed = (layer: object) => [{ ...layer, bias: false }, { norm: 'batch' }, { relu: true }];

describe('parseShorthand', () => {
  test.each<[string, Architecture['input']['shape'], object[]]>([
    ['28x28x1 nobn dense800 dense800 dense10', [28, 28, 1], [...hidden(800), ...hidden(800), { dense: 10 }]],
    ['784 nobn dense800*2 dense10', [784], [...hidden(800), ...hidden(800), { dense: 10 }]],
    ['28×28×1 dense10', [28, 28, 1], [{ dense: 10 }]],
    [
      '13 nobn drop.2 dense5 drop0.5 dense3',
      [13],
      [{ dropout: 0.2 }, ...hidden(5), { dropout: 0.5 }, { dense: 3 }],
    ],
    ['4x4x2 flatten dense5bare relu dense3', [4, 4, 2], [{ flatten: true }, ...hidden(5), { dense: 3 }]],
    ['9 dense5bare dense3', [9], [{ dense: 5 }, { dense: 3 }]],
    [
      '9 nobn dense5@mid drop.1@d dense3@out',
      [9],
      [
        { name: 'mid.dense', dense: 5 },
        { name: 'mid', relu: true },
        { name: 'd', dropout: 0.1 },
        { name: 'out', dense: 3 },
      ],
    ],
    ['  9\tnobn  dense5\n dense3 ', [9], [...hidden(5), { dense: 3 }]],
    ['9 nobn dense5*3', [9], [...hidden(5), ...hidden(5), { dense: 5 }]],
    ['9 dense5 dense3', [9], [...normed({ dense: 5 }), { dense: 3 }]],
    [
      '28x28x1 conv16k5s2v pool conv8k3d2g4p1 pool3s2p1 dense3',
      [28, 28, 1],
      [
        ...normed({ conv: 16, kernel: 5, stride: 2, pad: 0 }),
        { pool: 2 },
        ...normed({ conv: 8, kernel: 3, dilation: 2, groups: 4, pad: 1 }),
        { pool: 3, stride: 2, pad: 1 },
        { dense: 3 },
      ],
    ],
    [
      '8x8x3 nobn conv4x2 conv4bare deconv5k4s2 dw5s2 avg up3 leaky.1 sigmoid tanh maxout5 gap dense3',
      [8, 8, 3],
      [
        ...[{ conv: 8 }, { maxout: 2 }, { conv: 4 }, { deconv: 5, kernel: 4, stride: 2 }, { relu: true }],
        ...[{ depthwise: 5, stride: 2 }, { relu: true }, { avg: 2 }, { upsample: 3 }, { leakyRelu: 0.1 }],
        ...[{ sigmoid: true }, { tanh: true }, { maxout: 5 }, { gap: true }, { dense: 3 }],
      ],
    ],
    [
      '8x8x4 conv4s2*2 conv8lin norm bnrelu dense6x2@m dense3',
      [8, 8, 4],
      [
        ...[...normed({ conv: 4, stride: 2 }), ...normed({ conv: 4 }), { conv: 8, bias: false }],
        ...[
          { norm: 'batch' },
          { norm: 'batch' },
          { relu: true },
          { name: 'm.dense', dense: 12, bias: false },
        ],
        ...[{ name: 'm.norm', norm: 'batch' }, { name: 'm', maxout: 2 }, { dense: 3 }],
      ],
    ],
    [
      '8x8x4 res4@a res8s2 dense3',
      [8, 8, 4],
      [
        { name: 'a.sum', sum: [[...normed({ conv: 4 }), { conv: 4, bias: false }, { norm: 'batch' }], []] },
        { name: 'a', relu: true },
        {
          sum: [
            [...normed({ conv: 8, stride: 2 }), { conv: 8, bias: false }, { norm: 'batch' }],
            [{ conv: 8, kernel: 1, stride: 2, bias: false }, { norm: 'batch' }],
          ],
        },
        { relu: true },
        { dense: 3 },
      ],
    ],
    [
      '8x8x4 pre4@a pre8s2@b dense3',
      [8, 8, 4],
      [
        {
          name: 'a',
          sum: [[{ norm: 'batch' }, { relu: true }, ...normed({ conv: 4 }), { conv: 4, bias: false }], []],
        },
        { name: 'b.norm', norm: 'batch' },
        { name: 'b.relu', relu: true },
        {
          name: 'b',
          sum: [
            [...normed({ conv: 8, stride: 2 }), { conv: 8, bias: false }],
            [{ conv: 8, kernel: 1, stride: 2, bias: false }],
          ],
        },
        { dense: 3 },
      ],
    ],
    [
      '8x8x4 nobn sep8s2 fire2-3-4@f convm2-3-4 dense3',
      [8, 8, 4],
      [
        ...[{ depthwise: 3, stride: 2 }, { relu: true }, { conv: 8, kernel: 1 }, { relu: true }],
        { name: 'f.squeeze.conv', conv: 2, kernel: 1 },
        { name: 'f.squeeze', relu: true },
        {
          name: 'f',
          concat: [
            [{ conv: 3, kernel: 1 }, { relu: true }],
            [{ conv: 4 }, { relu: true }],
          ],
        },
        { concat: [[{ conv: 2 }], [{ conv: 3, dilation: 2 }], [{ deconv: 4 }]] },
        ...[{ relu: true }, { dense: 3 }],
      ],
    ],
  ])('%s', (text, shape, layers) => {
    expect(parseShorthand(text)).toEqual({ architecture: { input: { shape }, layers }, notes: [] });
  });

  test('the paper’s student has 1,276,810 parameters', () => {
    expect(countParameters(read('28x28x1 nobn dense800 dense800 dense10'))).toBe(1_276_810);
  });

  const images = { input: { shape: [28, 28, 1], ...byteInput }, classes: 10 };
  test('what the caller knows is left out, and what is added is said', () => {
    const notes = ['dense10 is appended for the 10 classes'];
    const layers = [...hidden(800), ...hidden(20), { dense: 10 }];
    for (const text of ['nobn dense800 dense20', '800,20', ' 800, 20 ', '28x28x1 nobn dense800 dense20'])
      expect(parseShorthand(text, images)).toEqual({ architecture: { input: images.input, layers }, notes });
    expect(parseShorthand('nobn dense800 dense20 dense10', images)).toEqual({
      architecture: { input: images.input, layers },
      notes: [],
    });
    expect(read('nobn dense10 drop.5', images).layers).toEqual([
      ...hidden(10),
      { dropout: 0.5 },
      { dense: 10 },
    ]);
    expect(read('784 dense10', images).input).toEqual({ ...images.input, shape: [784] });
    expect(read('nobn', images).layers).toEqual([{ dense: 10 }]);
    expect(read('784', images).layers).toEqual([...hidden(784), { dense: 10 }]);
  });

  test('a mean over as many filters as classes is the classes', () => {
    const end = (text: string) => read(text, images).layers.at(-1);
    expect(end('conv10 gap')).toEqual({ gap: true });
    for (const text of ['conv12 gap', 'res10 gap', 'conv10 pool gap', 'conv10'])
      expect(end(text)).toEqual({ dense: 10 });
    expect(read('8x8x3 conv4 gap').layers.at(-1)).toEqual({ gap: true });
  });

  test('a list of hidden units that ends with the classes has them', () => {
    expect(parseShorthand('800,10', images)).toEqual({
      architecture: { input: images.input, layers: [...hidden(800), { dense: 10 }] },
      notes: ['10 at the end is taken for the number of classes'],
    });
  });

  test.each<[string, ShorthandOptions, string]>([
    ['', {}, 'there is no network in an empty text'],
    ['nobn dense10', {}, 'the network has to begin with the shape of a sample, such as 784 or 28x28x1'],
    ['800,800', {}, 'the network has to begin with the shape'],
    [
      '9 nobn dense5 drop.5',
      {},
      "the network has to end with a dense layer of the classes, such as dense10, as their number isn't known",
    ],
    [
      '28x28x1 conv8 dense10',
      { input: { shape: [784] } },
      'word 1, `28x28x1`: the samples are 784: give the data set the shape 28 × 28 × 1',
    ],
    [
      '144 dense10',
      images,
      'word 1, `144`: the samples have 784 numbers (28 × 28 × 1); hidden layers alone are written 800,800',
    ],
    ['9 nobn dense5 nobn dense3', {}, 'word 4, `nobn` stands at the beginning'],
    [
      '9 nobn,8 dense3',
      {},
      "word 2, `nobn,8` can't be read: nobn stands alone, words have spaces between them",
    ],
    ['9 nobn@a dense3', {}, "word 2, `nobn@a` can't be read: nobn stands alone"],
    ['9 nobn dence5 dense3', {}, `word 3, \`dence5\` isn't known: known are ${KNOWN}; did you mean dense5?`],
    ['9 nobn Dense5*2 dense3', {}, 'did you mean dense5*2?'],
    ['9 nbn dense5 dense3', {}, 'did you mean nobn?'],
    ['9 nobn lstm5 dense3', {}, `word 3, \`lstm5\` isn't known: known are ${KNOWN}`],
    ['9 nobn dense5k3 dense3', {}, 'word 3, `dense5k3`: dense takes x<n>, bare, not k3'],
    ['9 nobn dense5+ dense3', {}, "word 3, `dense5+` can't be read: after dense come"],
    ['9 nobn dense dense3', {}, 'word 3, `dense`: write its number right behind it, such as dense800'],
    ['9 nobn dense 5 dense3', {}, 'word 3, `dense`: write its number'],
    ['9 nobn dense5 drop dense3', {}, 'word 4, `drop`: write its number right behind it, such as drop.5'],
    ['9 nobn relu6 dense3', {}, 'word 3, `relu6`: relu takes no number'],
    [
      '9 nobn dense.5 dense3',
      {},
      'word 3, `dense.5`: dense must be a whole number from 1 to 16777215, not 0.5',
    ],
    ['9 nobn dense0 dense3', {}, 'word 3, `dense0`: dense must be'],
    ['9 nobn dense1.2.3 dense3', {}, 'word 3, `dense1.2.3`: write its number right behind it'],
    ['9 nobn drop1 dense3', {}, 'word 3, `drop1`: dropout must be a number from 0 to below 1, not 1'],
    ['9 nobn relubare dense3', {}, 'word 3, `relubare`: relu takes no suffix, not bare'],
    ['9 nobn drop.5bare dense3', {}, 'word 3, `drop.5bare`: drop takes no suffix, not bare'],
    ['28x28x1 conv dense3', {}, 'word 2, `conv`: write its number right behind it, such as conv16'],
    [
      '28x28x1 fire8-16 dense3',
      {},
      'word 2, `fire8-16`: write its three numbers right behind it, such as fire16-64-64',
    ],
    ['28x28x1 convn16 dense3', {}, 'did you mean conv16?'],
    ['28x28x1 Pool dense3', {}, 'did you mean pool?'],
    [
      '28x28x1 conv16kk3 dense3',
      {},
      "word 2, `conv16kk3` can't be read: after conv come a number, suffixes such as k5",
    ],
    ['28x28x1 conv16k5k3 dense3', {}, 'word 2, `conv16k5k3`: k is said twice'],
    ['28x28x1 conv16vp1 dense3', {}, 'word 2, `conv16vp1`: v is without padding, p<n> with'],
    ['28x28x1 conv16x2bare dense3', {}, 'word 2, `conv16x2bare`: a bare conv has no maxout'],
    ['28x28x1 pool2k3 dense3', {}, 'word 2, `pool2k3`: pool takes s<n>, p<n>, not k3'],
    ['28x28x1 conv16s0 dense3', {}, 'word 2, `conv16s0`: stride must be a whole number from 1 to 65535'],
    [
      '784 conv16 dense10',
      {},
      'word 2, `conv16`: conv takes images of [height, width, channels], but its input is [784]: give the network an input such as 28x28x1',
    ],
    ['conv16 dense10', { input: { shape: [784] }, classes: 10 }, 'word 1, `conv16`: conv takes images'],
    ['784 res16 dense10', {}, 'word 2, `res16`: conv takes images'],
    [
      '8x8x1 pool pool conv4k5v dense3',
      {},
      'word 4, `conv4k5v`: conv: a window of 5 × 5 is larger than the image of 2 × 2',
    ],
    ['2x2x1 pool3 dense3', {}, 'word 2, `pool3`: pool: a window of 3 × 3 is larger than the image of 2 × 2'],
    [
      '9x9x1 pool2p2 dense3',
      {},
      'word 2, `pool2p2`: pool: the padding 2, 2, 2, 2 must be less than the window of 2 × 2',
    ],
    [
      '8x8x3 conv16g3 dense3',
      {},
      "word 2, `conv16g3`: conv: 3 channels and 16 filters can't both be divided into 3 groups",
    ],
    ['8x8x3 maxout2 dense3', {}, "word 2, `maxout2`: maxout: 3 channels can't be divided into groups of 2"],
    ['9 nobn dense5*0 dense3', {}, 'word 3, `dense5*0`: repeat it 1 to 1000 times'],
    ['9 nobn dense5*2@a dense3', {}, "word 3, `dense5*2@a`: what is repeated can't have a name"],
    ['9 nobn dense5@a dense3@a', {}, 'word 4, `dense3@a`: a is the name of another layer'],
    ['9 nobn dense5@1 dense3', {}, "word 3, `dense5@1` can't be read"],
    ['0x3 dense3', {}, 'input.shape must be a list of whole numbers from 1'],
    [5 as unknown as string, {}, 'there is no network'],
  ])('%s is refused, and the word is named', (text, options, message) => {
    expect(() => parseShorthand(text, options)).toThrow(
      expect.objectContaining({ code: 'bad-argument', message: expect.stringContaining(message) }),
    );
  });
});

describe('shorthandOf', () => {
  test.each([
    '784 nobn dense800*2 dense10',
    '28x28x1 dense10',
    '13 nobn drop.2 dense5 drop.5 dense3',
    '4x4x2 flatten dense5bare relu@r dense3',
    '9 dense5bare*2 dense5',
    '9 nobn dense5@mid drop.1@d dense3@out',
    '9 nobn dense5 drop0 dense5 dense5',
    '9 dense5 dense6x2 dense3',
    '28x28x1 conv16k5v pool conv32k5s2p1@c pool3s2p1 dense128 dense10',
    '32x32x3 conv16 res16*3 res32s2*3 res64s2*3 gap dense10',
    '32x32x3 conv16bare pre32*2 pre64s2*2 pre128s2@last bnrelu gap dense100',
    '32x32x3 conv16 sep32 sep64k5s2 dw3s2 dw5bare norm gap dense10',
    '32x32x3 nobn conv64s2v pool3s2 fire16-64-64*2 fire32-128-128@f convm8-4-4 conv10k1 gap',
    '8x8x4 conv8d2 conv8g4 deconv4k4s2 avg up3 leaky.1 sigmoid tanh maxout2 drop.5 dense3',
    '28x28x1 nobn conv16x2k5v conv12x4k3p3 pool4s2 res12 pre12 dense10'.replace('k3p3', 'p3'),
  ])('%s is written as it was read', (text) => {
    const architecture = read(text);
    expect(shorthandOf(architecture)).toBe(text);
  });

  test('an mlp, with its names and without', () => {
    const architecture = mlp([784, 800, 800, 10], { input: byteInput, dropout: { hidden: 0.5 } });
    expect(shorthandOf(architecture)).toBe(
      '784 nobn dense800@layer1 drop.5 dense800@layer2 drop.5 dense10@logits',
    );
    expect(shorthandOf(mlp([784, 800, 800, 10]), { names: false })).toBe('784 nobn dense800*2 dense10');
  });

  test('what it has no words for is JSON', () => {
    for (const layers of [
      [{ dense: 3 }, { relu: true }],
      [{ dropout: 1e-9 }, { dense: 3 }],
      [{ dense: 3 }, { dropout: 0.5 }],
      [{ dense: 4, bias: false }, { norm: 'batch', momentum: 0.2 }, { relu: true }, { dense: 3 }],
      [{ sum: [[{ dense: 4 }], []] }, { dense: 3 }],
    ] as const) {
      const architecture: Architecture = { input: { shape: [4] }, layers };
      expect(shorthandOf(architecture)).toBe(JSON.stringify(architecture));
    }
  });
});
