import { expect, test } from 'vitest';
import { addOnnxOutputs, bypassZipMap, freeOnnxBatch, readOnnx } from 'wasm-distill/formats';
import { faultOf } from '../../support/faults.js';
import { initializer, joined, node, onnxFile, packedFloats, value } from '../../support/onnx-bytes.js';

const weights = initializer('w', 1, [1, 2], packedFloats(4, [1, 2]));

/** x [1, 2] + w → h → y [1, 2]; as IR 3 has it, the weights are an input too. */
const file = onnxFile([
  ...node('Add', ['x', 'w'], ['h']),
  ...node('Relu', ['h'], ['y']),
  ...weights,
  ...value(11, 'x', [1, 2]),
  ...value(11, 'w', [1, 2]),
  ...value(12, 'y', [1, 2]),
  ...value(13, 'h', [1, 2]),
]);

const shapesIn = (bytes: Uint8Array) => {
  const { graph } = readOnnx(bytes, 'm.onnx');
  return [...graph.inputs, ...graph.outputs, ...graph.hidden.values()].map(({ name, shape }) => [
    name,
    shape,
  ]);
};

test('outputs are added behind the file, which stays as it is', async () => {
  const more = addOnnxOutputs(file, ['h', 'y', 'h'], 'm.onnx');
  expect(more.subarray(0, file.length)).toEqual(file);
  expect(more.length - file.length).toBeLessThan(10);
  expect(readOnnx(more, 'm.onnx').graph.outputs.map(({ name }) => name)).toEqual(['y', 'h']);
  expect(readOnnx(more, 'm.onnx').graph.nodes).toHaveLength(2);
  expect(addOnnxOutputs(file, ['y'], 'm.onnx')).toEqual(file);
  for (const wrong of ['w', 'z', ''])
    expect((await faultOf(() => addOnnxOutputs(file, [wrong], 'm.onnx'))).message).toBe(
      `m.onnx makes no "${wrong}"`,
    );
});

test('the batch becomes a symbol, but not the first dimension of weights', () => {
  expect(shapesIn(freeOnnxBatch(file, 'm.onnx'))).toEqual([
    ['x', ['batch', 2]],
    ['y', ['batch', 2]],
  ]);
  const before = readOnnx(file, 'm.onnx').graph;
  const after = readOnnx(freeOnnxBatch(file, 'm.onnx'), 'm.onnx').graph;
  expect([after.nodes, after.initializers]).toEqual([before.nodes, before.initializers]);
});

test('a symbol stays; an unknown batch gets one; other first dimensions stay', () => {
  const symbolic = onnxFile([
    ...node('Relu', ['x'], ['y']),
    ...value(11, 'x', ['n', 2]),
    ...value(12, 'y', ['n', 2]),
  ]);
  expect(freeOnnxBatch(symbolic, 'm.onnx')).toEqual(symbolic);
  const open = onnxFile([
    ...node('Relu', ['x'], ['y']),
    ...value(11, 'x', [4294967295, 2]),
    ...value(11, 'mode', []),
    ...value(12, 'y', [4294967295, 2]),
  ]);
  expect(shapesIn(freeOnnxBatch(open, 'm.onnx'))).toEqual([
    ['x', ['batch', 2]],
    ['mode', []],
    ['y', ['batch', 2]],
  ]);
  const fixed = onnxFile([
    ...node('Relu', ['x'], ['y']),
    ...value(11, 'x', [4, 2]),
    ...value(12, 'y', [4, 2]),
    ...value(12, 'loss', [1]),
  ]);
  expect(shapesIn(freeOnnxBatch(fixed, 'm.onnx')).at(-1)).toEqual(['loss', [1]]);
});

const zipMap = node('ZipMap', ['p'], ['dictionaries'], { domain: 'ai.onnx.ml' });

test('ZipMap’s input takes its place', () => {
  const model = (outputs: readonly string[]) =>
    onnxFile([
      ...node('Softmax', ['x'], ['p']),
      ...zipMap,
      ...value(11, 'x', [1, 2]),
      ...outputs.flatMap((name) => value(12, name)),
    ]);
  const { graph } = readOnnx(bypassZipMap(model(['label', 'dictionaries']), 'm.onnx'), 'm.onnx');
  expect(graph.nodes.map(({ op }) => op)).toEqual(['Softmax']);
  expect(graph.outputs.map(({ name }) => name)).toEqual(['label', 'p']);
  const both = readOnnx(bypassZipMap(model(['p', 'dictionaries']), 'm.onnx'), 'm.onnx');
  expect(both.graph.outputs.map(({ name }) => name)).toEqual(['p']);
  expect(bypassZipMap(file, 'm.onnx')).toEqual(file);
});

test('edits follow each other, and a file in two parts is edited in both', () => {
  const hidden = addOnnxOutputs(file, ['h'], 'm.onnx');
  const typed = joined([...[hidden], ...[onnxFile(value(12, 'z', [1, 2]))]]);
  expect(shapesIn(freeOnnxBatch(typed, 'm.onnx'))).toEqual([
    ['x', ['batch', 2]],
    ['y', ['batch', 2]],
    ['h', undefined],
    ['z', ['batch', 2]],
  ]);
});
