import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readOnnx } from 'wasm-distill/formats';
import { externalFilesOf, numbersOf } from '#library/formats/onnx/numbers.js';
import { faultOf, utf8 } from '../../support/faults.js';
import {
  attribute,
  entry,
  float,
  initializer,
  int,
  ints,
  joined,
  lengthed,
  node,
  onnxFile,
  type Parts,
  packed,
  packedFloats,
  raw,
  tensor,
  value,
} from '../../support/onnx-bytes.js';

const ends = [...value(11, 'x', ['n', 2]), ...value(12, 'y', ['n', 2])];
const relu = node('Relu', ['x'], ['y']);
const read = (graph: Parts, more: Parts = []) => readOnnx(onnxFile(graph, more), 'm.onnx');
const refusal = async (graph: Parts) => (await faultOf(() => read(graph))).message;

/** What the one initializer of a graph holds. */
function held(type: number, shape: readonly number[], content: Parts) {
  const model = read([...relu, ...ends, ...initializer('w', type, shape, content)]);
  const { data } = numbersOf(model.graph.initializers.get('w')!, 'm.onnx');
  return Array.from(data as ArrayLike<number | bigint>);
}

test('a model’s facts, its nodes and values', () => {
  const model = read(
    [
      ...lengthed(2, 'a graph'),
      ...node('Conv', ['x', 'w', ''], ['h'], { name: 'first', attributes: ints('pads', [0, 1, 2, 300]) }),
      ...node('ZipMap', ['h'], ['y'], { domain: 'ai.onnx.ml' }),
      ...value(11, 'x', ['batch', 3, 0, 4]),
      ...value(12, 'y'),
      ...value(13, 'h', [2, 4294967295]),
    ],
    [...lengthed(8, [...lengthed(1, 'ai.onnx.ml'), ...int(2, 3)]), ...entry(14, 'names', "{0: 'a'}")],
  );
  expect(model).toMatchObject({ irVersion: 8, producer: 'tests', opset: { '': 17, 'ai.onnx.ml': 3 } });
  expect(model.metadata).toEqual({ names: "{0: 'a'}" });
  const { graph } = model;
  expect(graph.nodes).toEqual([
    {
      ...{ op: 'Conv', domain: '', name: 'first', inputs: ['x', 'w', ''], outputs: ['h'] },
      attributes: { pads: { ints: [0, 1, 2, 300] } },
    },
    { op: 'ZipMap', domain: 'ai.onnx.ml', name: '', inputs: ['h'], outputs: ['y'], attributes: {} },
  ]);
  expect(graph.name).toBe('a graph');
  expect(graph.inputs).toEqual([{ name: 'x', type: 'f32', shape: ['batch', 3, undefined, 4] }]);
  expect(graph.outputs).toEqual([{ name: 'y', type: undefined, shape: undefined }]);
  expect(graph.hidden.get('h')?.shape).toEqual([2, undefined]);
});

test('attributes of every type, packed or not, with and without a type', () => {
  const attributes = [
    ...attribute('f', float(2, 0.5), 1),
    ...attribute('i', int(3, -2), 2),
    ...attribute('zero', [], 2),
    ...attribute('s', lengthed(4, 'SAME'), 3),
    ...attribute('t', lengthed(5, tensor('', 1, [], float(4, 3))), 4),
    ...attribute('fs', packedFloats(7, [1, 2]), 6),
    ...attribute('gs', [...float(7, 1), ...float(7, 2)], 6),
    ...attribute('is', [...int(8, 1), ...int(8, -1)], 7),
    ...attribute('ss', [...lengthed(9, 'a'), ...lengthed(9, '')], 8),
    ...attribute('old', int(3, 7)),
    ...attribute('then', lengthed(6, relu), 5),
  ];
  const [first] = read([...node('X', ['x'], ['y'], { attributes }), ...ends]).graph.nodes;
  const { t, then, ...others } = first!.attributes;
  expect(others).toEqual({
    ...{ f: { float: 0.5 }, i: { int: -2 }, zero: { int: 0 }, s: { string: 'SAME' }, old: { int: 7 } },
    ...{ fs: { floats: [1, 2] }, gs: { floats: [1, 2] }, is: { ints: [1, -1] }, ss: { strings: ['a', ''] } },
  });
  expect(t).toMatchObject({ tensor: { shape: [], type: 'f32' } });
  expect(then).toHaveProperty('opaque');
});

describe('numbers of tensors', () => {
  test.each([
    ['f32, raw', 1, raw(Float32Array.of(0.5, -2)), [0.5, -2]],
    ['f32, packed', 1, packedFloats(4, [0.5, -2]), [0.5, -2]],
    ['f32, one by one', 1, [...float(4, 0.5), ...float(4, -2)], [0.5, -2]],
    ['f64, raw', 11, raw(Float64Array.of(0.1, -2)), [0.1, -2]],
    ['f64, packed', 11, lengthed(10, [new Uint8Array(Float64Array.of(0.1, 2).buffer)]), [0.1, 2]],
    ['i64, raw', 7, raw(BigInt64Array.of(-1n, 2n ** 63n - 1n)), [-1n, 2n ** 63n - 1n]],
    ['i64, packed', 7, packed(7, [-1, 2 ** 40]), [-1n, 2n ** 40n]],
    ['i64, one by one', 7, [...int(7, -1), ...int(7, 3)], [-1n, 3n]],
    ['i32', 6, packed(5, [-5, 2 ** 31 - 1]), [-5, 2 ** 31 - 1]],
    ['u8', 2, packed(5, [0, 255]), [0, 255]],
    ['u8, raw', 2, raw(Uint8Array.of(7, 200)), [7, 200]],
    ['i8', 3, packed(5, [-128, 127]), [-128, 127]],
    ['u16', 4, packed(5, [1, 65535]), [1, 65535]],
    ['i16', 5, packed(5, [-32768, 3]), [-32768, 3]],
    ['u32', 12, packed(11, [1, 2 ** 32 - 1]), [1, 2 ** 32 - 1]],
    ['u64', 13, packed(11, [1, 2 ** 40]), [1n, 2n ** 40n]],
    ['bool', 9, packed(5, [0, 1]), [0, 1]],
    ['f16', 10, packed(5, [0x3c00, 0xc000]), [1, -2]],
    ['f16, raw', 10, raw(Uint16Array.of(0x3c00, 0x7c00)), [1, Infinity]],
    ['bf16', 16, packed(5, [0x3f80, 0xc000]), [1, -2]],
    ['f8 e4m3', 17, packed(5, [0x38, 0xb8]), [1, -1]],
    ['f8 e5m2', 19, raw(Uint8Array.of(0x3c, 0xbc)), [1, -1]],
  ])('%s', (_, type, content, numbers) => {
    expect(held(type, [2], content)).toEqual(numbers);
  });

  test('a single one, and none', () => {
    expect(held(1, [], float(4, 3))).toEqual([3]);
    expect(held(1, [0, 5], [])).toEqual([]);
  });

  test('those that aren’t read say so; texts are', async () => {
    const model = read([
      ...relu,
      ...ends,
      ...initializer('words', 8, [2], [...lengthed(6, 'a'), ...lengthed(6, 'ä')]),
      ...initializer('nibbles', 21, [3], raw(Uint8Array.of(0x21, 3))),
    ]);
    expect(model.graph.initializers.get('words')?.texts).toEqual(['a', 'ä']);
    const nibbles = model.graph.initializers.get('nibbles')!;
    expect((await faultOf(() => numbersOf(nibbles, 'm.onnx'))).message).toBe(
      'm.onnx, tensor "nibbles", has elements of type u4, which aren\'t read; save it as f32',
    );
  });
});

test('initializers that IR 3 lists as inputs are none', () => {
  const w = initializer('w', 1, [2], packedFloats(4, [1, 2]));
  const { graph } = read([...w, ...node('Add', ['x', 'w'], ['y']), ...ends, ...value(11, 'w', [2])]);
  expect(graph.inputs.map(({ name }) => name)).toEqual(['x']);
});

test('a graph in two parts is one, and nodes are put in order', () => {
  const file = joined([
    onnxFile([...node('Relu', ['h'], ['y']), ...ends]),
    ...lengthed(7, node('Tanh', ['x'], ['h'])),
  ]);
  expect(readOnnx(file, 'm.onnx').graph.nodes.map(({ op }) => op)).toEqual(['Tanh', 'Relu']);
});

describe('data in another file', () => {
  const external = (entries: Parts) =>
    read([...relu, ...ends, ...initializer('w', 1, [2], [...entries, ...int(14, 1)])]);
  const model = external([
    ...entry(13, 'location', 'parts/m.data'),
    ...entry(13, 'offset', '4'),
    ...entry(13, 'length', '8'),
  ]);
  const w = model.graph.initializers.get('w')!;
  const data = new Uint8Array(Float32Array.of(9, 0.5, -2).buffer);

  test('is told, and read by the function given', () => {
    expect(w.external).toEqual({ location: 'parts/m.data', offset: 4, length: 8 });
    expect(externalFilesOf(model)).toEqual(['parts/m.data']);
    const { data: numbers } = numbersOf(w, 'm.onnx', (location) =>
      location === 'parts/m.data' ? data : undefined,
    );
    expect([...(numbers as Float32Array)]).toEqual([0.5, -2]);
  });

  test('that is absent or too short says so', async () => {
    const absent = await faultOf(() => numbersOf(w, 'm.onnx'));
    expect(absent).toMatchObject({ code: 'missing' });
    expect(absent.message).toBe('m.onnx, tensor "w", lies in parts/m.data, which must be beside the model');
    const short = await faultOf(() => numbersOf(w, 'm.onnx', () => data.subarray(0, 8)));
    expect(short.message).toBe(
      'm.onnx, tensor "w", should have 8 bytes at byte 4 of parts/m.data, which has 8; get both files again',
    );
  });

  test.each(['/etc/passwd', '../m.data', 'a/../../m', 'c:\\m', ''])(
    'isn’t looked for in %j',
    async (location) => {
      const fault = await faultOf(() => external(entry(13, 'location', location)));
      expect(fault.message).toMatch('which is no file beside the model');
    },
  );
});

describe('what is no good model says so', () => {
  const w = (shape: readonly number[], content: Parts, type = 1) => [
    ...relu,
    ...ends,
    ...initializer('w', type, shape, content),
  ];

  test.each([
    [
      'more numbers than there are',
      w([2 ** 31, 4], []),
      'm.onnx, tensor "w", has the shape [2147483648,4], which takes 8589934592 numbers, but 0 are there; get it again',
    ],
    [
      'fewer numbers',
      w([1], packedFloats(4, [1, 2])),
      'm.onnx, tensor "w", has the shape [1], which takes 1 numbers, but 2 are there; get it again',
    ],
    [
      'an impossible shape',
      w([2 ** 40, 2 ** 40], []),
      'm.onnx, tensor "w", has the shape [1099511627776,1099511627776], which no file can have',
    ],
    ['a negative size', w([-1], []), 'm.onnx, tensor "w", has the shape [-1], which no file can have'],
    [
      'an unknown type',
      w([1], [], 99),
      'm.onnx, tensor "w", has elements of type 99, which isn\'t known here',
    ],
    [
      'bytes that are no numbers',
      w([2], lengthed(4, [new Uint8Array(7)])),
      "m.onnx has 7 bytes in field 4, which aren't numbers of 4",
    ],
    [
      'a cycle',
      [...node('Add', ['x', 'b'], ['a'], { name: 'first' }), ...node('Relu', ['a'], ['b']), ...ends],
      'm.onnx has a cycle: the node Add "first" needs what is made of its own output',
    ],
    [
      'two makers',
      [...node('Relu', ['x'], ['y']), ...node('Tanh', ['x'], ['y'], { name: 't' }), ...ends],
      'm.onnx has two nodes that make "y": Relu and Tanh "t"',
    ],
    ['no nodes', ends, 'm.onnx has no graph of operators; check that it is an ONNX model'],
    [
      'a node without an operator',
      [...node('', ['x'], ['y']), ...ends],
      'm.onnx, node 0, has no operator; get it again, or check that it is an ONNX file',
    ],
    [
      'a number where a text belongs',
      [...lengthed(1, int(4, 3)), ...ends],
      "m.onnx, node 0, has a field 4 of wire type 0, which ONNX doesn't have",
    ],
  ])('%s', async (_, graph, sentence) => {
    expect(await refusal(graph)).toBe(sentence);
  });

  test.each([
    [utf8('PK\x03\x04 …'), 'm.onnx is a zip, as torch.save writes: export the network by torch.onnx.export'],
    [Uint8Array.of(0x80, 2, 0x7d), 'm.onnx is a pickle: export the network by torch.onnx.export or skl2onnx'],
    [
      Uint8Array.of(0x89, 0x48, 0x44, 0x46),
      'm.onnx is HDF5, as Keras writes: convert the network by tf2onnx',
    ],
    [
      utf8('version https://git-lfs.github.com/spec/v1\noid'),
      'm.onnx is a pointer of Git LFS: get the file itself, by git lfs pull',
    ],
    [utf8('<!doctype html>'), 'm.onnx is a page, not a model: get the file itself'],
    [new Uint8Array(), 'm.onnx is empty; get it again'],
    [
      utf8('any text'),
      'm.onnx is cut short: at byte 1 follow 8 bytes, but there are 7; get it again, or check that it is an ONNX model',
    ],
  ])('%#: other files', async (bytes, sentence) => {
    expect((await faultOf(() => readOnnx(bytes, 'm.onnx'))).message).toBe(sentence);
  });

  test('wherever it is cut off', async () => {
    const file = onnxFile(w([2], packedFloats(4, [1, 2])));
    for (let length = 1; length < file.length; length++) {
      try {
        readOnnx(file.subarray(0, length), 'm.onnx');
      } catch (error) {
        expect(error).toMatchObject({ name: 'DistillError', code: 'bad-file' });
        continue;
      }
      // What follows the graph is not needed to read it.
      expect(length).toBeGreaterThan(file.length - 6);
    }
  });
});

test('a file of this package’s package.json is none', async () => {
  const text = new Uint8Array(readFileSync('package.json'));
  expect(await faultOf(() => readOnnx(text, 'package.json'))).toMatchObject({ code: 'bad-file' });
});
