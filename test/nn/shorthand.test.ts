import { describe, expect, test } from 'vitest';
import { type Architecture, countParameters, mlp, parseShorthand, type ShorthandOptions } from 'wasm-distill';
import { shorthandOf } from 'wasm-distill/graph';
import { byteInput } from '#library/nn/specs.js';

const hidden = (units: number) => [{ dense: units }, { relu: true }];
const read = (text: string, options?: ShorthandOptions) => parseShorthand(text, options).architecture;

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
      '144 dense10',
      images,
      'word 1, `144`: the samples have 784 numbers (28 × 28 × 1); hidden layers alone are written 800,800',
    ],
    [
      '28x28x1 conv16 pool dense10',
      {},
      'word 2, `conv16` comes with convolution: until then networks are `nobn` ones of dense, drop, relu and flatten',
    ],
    ['28x28x1 pool dense10', {}, 'word 2, `pool` comes with convolution'],
    ['28x28x1 nobn conv16k5s2v@mid*2 dense10', {}, 'word 3, `conv16k5s2v@mid*2` comes with convolution'],
    [
      '784 dense800 dense10',
      {},
      'word 2, `dense800`: hidden layers carry batch norm, which comes with convolution: until then',
    ],
    ['9 nobn dense5 nobn dense3', {}, 'word 4, `nobn` stands at the beginning'],
    [
      '9 nobn dence5 dense3',
      {},
      "word 3, `dence5` isn't known: known are nobn, dense, drop, relu, flatten; did you mean dense5?",
    ],
    ['9 nobn Dense5*2 dense3', {}, 'did you mean dense5*2?'],
    ['9 nbn dense5 dense3', {}, 'did you mean nobn?'],
    ['9 nobn lstm5 dense3', {}, "word 3, `lstm5` isn't known: known are nobn, dense, drop, relu, flatten"],
    [
      '9 nobn dense5k3 dense3',
      {},
      "word 3, `dense5k3` can't be read: after dense come a number, bare, *times and @name",
    ],
    ['9 nobn dense dense3', {}, 'word 3, `dense`: write its number right behind it, such as dense800'],
    ['9 nobn dense 5 dense3', {}, 'word 3, `dense`: write its number'],
    ['9 nobn dense5 drop dense3', {}, 'word 4, `drop`: write its number right behind it, such as drop.5'],
    ['9 nobn relu6 dense3', {}, 'word 3, `relu6`: relu takes no number'],
    [
      '9 nobn dense.5 dense3',
      {},
      'word 3, `dense.5`: a dense layer has a whole number of units from 1 to 16777215',
    ],
    ['9 nobn dense0 dense3', {}, 'word 3, `dense0`: a dense layer has'],
    ['9 nobn dense1.2.3 dense3', {}, 'word 3, `dense1.2.3`: a dense layer has'],
    ['9 nobn drop1 dense3', {}, 'word 3, `drop1`: the share to drop is from 0 to below 1'],
    ['9 nobn relubare dense3', {}, 'word 3, `relubare` '],
    ['9 nobn drop.5bare dense3', {}, 'word 3, `drop.5bare`: only dense can be bare'],
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
    ] as const) {
      const architecture: Architecture = { input: { shape: [4] }, layers };
      expect(shorthandOf(architecture)).toBe(JSON.stringify(architecture));
    }
  });
});
