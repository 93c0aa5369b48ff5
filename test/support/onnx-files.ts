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
  packed,
  packedFloats,
  raw,
  tensor,
  value,
} from './onnx-bytes.js';

/** Two small models that between them have everything that files have: a network of images, and one of scikit-learn's. */
export function onnxFiles(): readonly Uint8Array[] {
  return [
    onnxFile(
      [
        ...node('Conv', ['x', 'w', 'b'], ['c'], {
          name: 'first',
          attributes: [...ints('pads', [1, 1, 1, 1]), ...ints('strides', [2, 2])],
        }),
        ...node('MaxPool', ['c'], ['m'], {
          attributes: [
            ...ints('kernel_shape', [2, 2]),
            ...attribute('auto_pad', lengthed(4, 'SAME_UPPER'), 3),
            ...attribute('ceil_mode', int(3, 1), 2),
          ],
        }),
        ...node('Constant', [], ['shape'], {
          attributes: attribute('value', lengthed(5, tensor('', 7, [2], packed(7, [0, -1]))), 4),
        }),
        ...node('Reshape', ['m', 'shape'], ['f']),
        ...node('Unsqueeze', ['f'], ['u'], { attributes: ints('axes', [2]) }),
        ...node('Squeeze', ['u'], ['s'], { attributes: ints('axes', [-1]) }),
        ...node('Concat', ['s', 's'], ['j'], { attributes: attribute('axis', int(3, -1), 2) }),
        ...node('Gemm', ['j', 'g'], ['y'], { attributes: attribute('alpha', float(2, 0.5), 1) }),
        ...node('If', ['y'], ['z'], {
          attributes: attribute('then_branch', lengthed(6, node('Relu', ['y'], ['q'])), 5),
        }),
        ...initializer('w', 1, [2, 1, 3, 3], raw(new Float32Array(18))),
        ...initializer('b', 1, [2], [...float(4, 1), ...float(4, 2)]),
        ...initializer('g', 1, [8, 2], packedFloats(4, [...new Array(16).keys()])),
        ...value(11, 'x', [1, 1, 4, 4]),
        ...value(11, 'w', [2, 1, 3, 3]),
        ...value(12, 'y', [1, 2]),
        ...value(13, 'c', [1, 2, 2, 2]),
      ],
      [...entry(14, 'names', "{0: 'a', 1: 'b\\u00e4'}")],
    ),
    onnxFile([
      ...node('LinearClassifier', ['x'], ['label', 'scores'], {
        domain: 'ai.onnx.ml',
        attributes: [
          ...attribute('classlabels_ints', [...int(8, 0), ...int(8, -1)], 7),
          ...attribute('coefficients', packedFloats(7, [1, 2, 3, 4]), 6),
          ...attribute('post_transform', lengthed(4, 'SOFTMAX'), 3),
        ],
      }),
      ...node('ZipMap', ['scores'], ['p'], { domain: 'ai.onnx.ml' }),
      ...node('Identity', ['words'], ['also']),
      ...initializer('words', 8, [2], [...lengthed(6, 'a'), ...lengthed(6, 'b')]),
      ...initializer('half', 10, [2], packed(5, [0x3c00, 0])),
      ...initializer(
        'far',
        1,
        [2],
        [...entry(13, 'location', 'm.data'), ...entry(13, 'length', '8'), ...int(14, 1)],
      ),
      ...value(11, 'x', ['n', 2]),
      ...value(12, 'label', ['n'], 7),
      ...value(12, 'p'),
    ]),
  ];
}

/** A network that can be imported, with branches and most kinds of layers. */
export function importableFile(): Uint8Array {
  const numbers = (length: number) => raw(Float32Array.from({ length }, (_, i) => (i % 7) / 7));
  return onnxFile([
    ...node('Mul', ['x', 'k'], ['s']),
    ...node('Conv', ['s', 'a.weight'], ['a'], { attributes: ints('pads', [1, 1, 1, 1]) }),
    ...node('BatchNormalization', ['a', 'n', 'n', 'n', 'n'], ['b']),
    ...node('Add', ['b', 's'], ['c']),
    ...node('MaxPool', ['c'], ['d'], {
      attributes: [...ints('kernel_shape', [2, 2]), ...ints('strides', [2, 2])],
    }),
    ...node('Concat', ['d', 'd'], ['e'], { attributes: attribute('axis', int(3, 1), 2) }),
    ...node('ConvTranspose', ['e', 'up.weight'], ['u'], { attributes: ints('strides', [2, 2]) }),
    ...node('Resize', ['u', 'twice'], ['r']),
    ...node('Reshape', ['r', 'pairs'], ['p']),
    ...node('ReduceMax', ['p'], ['m'], {
      attributes: [...ints('axes', [2]), ...attribute('keepdims', int(3, 0), 2)],
    }),
    ...node('Transpose', ['m'], ['f'], { attributes: ints('perm', [0, 2, 3, 1]) }),
    ...node('Reshape', ['f', 'shape'], ['g']),
    ...node('MatMul', ['g', 'w'], ['h']),
    ...node('Softmax', ['h'], ['y']),
    ...initializer('k', 1, [1], float(4, 2)),
    ...initializer('a.weight', 1, [2, 2, 3, 3], numbers(36)),
    ...initializer('n', 1, [2], packedFloats(4, [1, 2])),
    ...initializer('shape', 7, [2], packed(7, [0, -1])),
    ...initializer('up.weight', 1, [4, 2, 1, 1], numbers(8)),
    ...initializer('twice', 1, [4], packedFloats(4, [1, 1, 2, 2])),
    ...initializer('pairs', 7, [5], packed(7, [0, 1, 2, 6, 6])),
    ...initializer('w', 1, [36, 3], numbers(108)),
    ...value(11, 'x', ['n', 2, 4, 4]),
    ...value(12, 'y'),
  ]);
}
