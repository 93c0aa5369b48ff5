import { expect, test } from 'vitest';
import { describeOnnx, readOnnx } from 'wasm-distill/formats';
import { literalOf } from '#library/formats/onnx/class-names.js';
import {
  attribute,
  entry,
  float,
  initializer,
  int,
  ints,
  lengthed,
  node,
  onnxFile,
  type Parts,
  packed,
  raw,
  tensor,
  value,
} from '../../support/onnx-bytes.js';

const described = (graph: Parts, more: Parts = []) =>
  describeOnnx(readOnnx(onnxFile(graph, more), 'm.onnx'), 'm.onnx');

const zeros = (name: string, shape: readonly number[]) =>
  initializer(name, 1, shape, raw(new Float32Array(shape.reduce((a, b) => a * b, 1))));

/** A network of every common operator, from images with the channels first. */
const convolutions = [
  ...node('Conv', ['x', 'w1', 'b1'], ['c1'], { attributes: ints('pads', [1, 1, 1, 1]) }),
  ...node('BatchNormalization', ['c1', 'b1', 'b1', 'b1', 'b1'], ['n1']),
  ...node('Relu', ['n1'], ['r1']),
  ...node('MaxPool', ['r1'], ['m1'], {
    attributes: [
      ...ints('kernel_shape', [3, 3]),
      ...ints('strides', [2, 2]),
      ...attribute('ceil_mode', int(3, 1), 2),
    ],
  }),
  ...node('Conv', ['m1', 'w2'], ['c2'], { attributes: attribute('auto_pad', lengthed(4, 'SAME_UPPER'), 3) }),
  ...node('Add', ['c2', 'm1'], ['a']),
  ...node('Concat', ['a', 'm1'], ['j'], { attributes: attribute('axis', int(3, 1), 2) }),
  ...node('GlobalAveragePool', ['j'], ['g']),
  ...node('Constant', [], ['shape'], {
    attributes: attribute('value', lengthed(5, tensor('', 7, [2], packed(7, [0, -1]))), 4),
  }),
  ...node('Reshape', ['g', 'shape'], ['f']),
  ...node('Gemm', ['f', 'w3', 'b3'], ['z'], { attributes: attribute('transB', int(3, 1), 2) }),
  ...node('Softmax', ['z'], ['p']),
  ...zeros('w1', [8, 3, 3, 3]),
  ...zeros('b1', [8]),
  ...zeros('w2', [8, 8, 2, 2]),
  ...zeros('w3', [10, 16]),
  ...zeros('b3', [10]),
  ...value(11, 'x', ['n', 3, 32, 32]),
  ...value(12, 'p', ['n', 10]),
  ...value(12, 'z'),
];

test('a network of images', () => {
  const about = described(convolutions);
  expect(about.inputs).toEqual([{ name: 'x', type: 'f32', shape: ['n', 3, 32, 32], layout: 'nchw' }]);
  expect(about.outputs.map(({ name, shape, kind }) => [name, shape, kind])).toEqual([
    ['p', ['n', 10], 'probabilities'],
    ['z', ['n', 10], 'logits'],
  ]);
  expect(about.hidden).toEqual([
    { name: 'c1', op: 'Conv', shape: ['n', 8, 32, 32] },
    { name: 'n1', op: 'BatchNormalization', shape: ['n', 8, 32, 32] },
    { name: 'r1', op: 'Relu', shape: ['n', 8, 32, 32] },
    { name: 'm1', op: 'MaxPool', shape: ['n', 8, 16, 16] },
    { name: 'c2', op: 'Conv', shape: ['n', 8, 16, 16] },
    { name: 'a', op: 'Add', shape: ['n', 8, 16, 16] },
    { name: 'j', op: 'Concat', shape: ['n', 16, 16, 16] },
    { name: 'g', op: 'GlobalAveragePool', shape: ['n', 16, 1, 1] },
    { name: 'f', op: 'Reshape', shape: ['n', 16] },
  ]);
  expect(about.parameters).toBe(8 * 27 + 8 + 8 * 32 + 160 + 10);
  expect(about.operators).toMatchObject({ Conv: 2, Constant: 1, Softmax: 1 });
  expect(about).toMatchObject({ irVersion: 8, opset: { '': 17 }, producer: 'tests', externalFiles: [] });
});

test('tables, turned images, what isn’t known', () => {
  const table = described([
    ...node('Scaler', ['x'], ['s'], { domain: 'ai.onnx.ml', attributes: attribute('scale', float(7, 2), 6) }),
    ...node('MatMul', ['s', 'w'], ['h']),
    ...node('Reshape', ['h', 'where'], ['y']),
    ...zeros('w', [4, 3]),
    ...value(11, 'x', ['n', 4]),
    ...value(12, 'y'),
  ]);
  expect(table.inputs[0]).toMatchObject({ layout: undefined });
  expect(table.hidden).toEqual([
    { name: 's', op: 'Scaler', shape: undefined },
    { name: 'h', op: 'MatMul', shape: undefined },
  ]);
  expect(table.outputs[0]).toMatchObject({ kind: 'logits', shape: undefined });
  expect(table.operators).toEqual({ MatMul: 1, Reshape: 1, 'ai.onnx.ml:Scaler': 1 });

  const turned = described([
    ...node('Mul', ['x', 'k'], ['s']),
    ...node('Transpose', ['s'], ['t'], { attributes: ints('perm', [0, 3, 1, 2]) }),
    ...zeros('k', [1]),
    ...value(11, 'x', [1, 3, 3, 3]),
    ...value(12, 't'),
  ]);
  expect(turned.inputs[0]!.layout).toBe('nhwc');
  expect(turned.outputs[0]).toMatchObject({ shape: [1, 3, 3, 3], kind: undefined });
  const layout = (shape: readonly number[]) =>
    described([...node('Cast', ['x'], ['y']), ...value(11, 'x', shape), ...value(12, 'y')]).inputs[0]!.layout;
  expect(
    [
      [1, 3, 8, 8],
      [1, 8, 8, 1],
      [1, 8, 8, 8],
    ].map(layout),
  ).toEqual(['nchw', 'nhwc', undefined]);
});

test('class names, as tools write them', () => {
  const names = (key: string, text: string) => described(convolutions, entry(14, key, text)).classNames;
  expect(names('names', "{0: 'cat', 1: \"it's\", 2: 'a\\'b\\u00e4'}")).toEqual(['cat', "it's", "a'bä"]);
  expect(names('names', '{"1": "dog", "0": "cat"}')).toEqual(['cat', 'dog']);
  expect(names('classes', '["cat", "dog",]')).toEqual(['cat', 'dog']);
  expect(names('class_names', "('cat', 'dog')")).toEqual(['cat', 'dog']);
  expect(names('labels', 'cat, dog,bird')).toEqual(['cat', 'dog', 'bird']);
  expect(names('id2label', '{"0": "cat", "2": "dog"}')).toBeUndefined();
  expect(names('author', 'me, too')).toBeUndefined();
  for (const broken of [
    '{0: ',
    "['a', 'b",
    '{0: print(1), 1: 2}',
    `${'['.repeat(50)}`,
    "{0 'a'}",
    '[1, 2] 3',
  ])
    expect([broken, literalOf(broken)]).toEqual([broken, undefined]);
});

test('class names of scikit-learn’s operators', () => {
  const about = described([
    ...node('LinearClassifier', ['x'], ['label', 'scores'], {
      domain: 'ai.onnx.ml',
      attributes: attribute(
        'classlabels_strings',
        [...lengthed(9, 'setosa'), ...lengthed(9, 'virginica')],
        8,
      ),
    }),
    ...node('ZipMap', ['scores'], ['p'], { domain: 'ai.onnx.ml' }),
    ...value(11, 'x', ['n', 4]),
    ...value(12, 'label', ['n'], 8),
    ...value(12, 'p'),
  ]);
  expect(about.classNames).toEqual(['setosa', 'virginica']);
  expect(about.outputs.map(({ kind }) => kind)).toEqual(['labels', 'logits']);
  expect(about.hidden.map(({ name }) => name)).toEqual(['scores']);
});
