import { expect, test } from 'vitest';
import { exportOnnx, readOnnx } from 'wasm-distill/formats';
import type { OnnxModel, OnnxTensor } from '#library/formats/onnx/model.js';
import { writeOnnx } from '#library/formats/onnx/write.js';
import { onnxFiles } from '../../support/onnx-files.ts';
import { architectures, studentOf } from '../../support/students.ts';

/** A model's file is written and read again. */
const again = (model: OnnxModel) => readOnnx(writeOnnx(model), 'it');

test('what the reader has read is written so that it reads the same', () => {
  for (const file of onnxFiles()) {
    const model = readOnnx(file, 'it');
    expect(again(model)).toEqual(model);
  }
});

test("students' files are written to the same bytes", () => {
  for (const architecture of Object.values(architectures)) {
    const bytes = exportOnnx(studentOf(architecture));
    expect(Buffer.from(bytes).equals(writeOnnx(readOnnx(bytes, 'it')))).toBe(true);
  }
});

test('every form of an attribute, tensor and shape', () => {
  const tensor = { name: 't', shape: [2], type: 'i64', bytes: new Uint8Array(16).fill(3) } as const;
  const model: OnnxModel = {
    irVersion: 8,
    opset: { '': 17, 'ai.onnx.ml': 3 },
    producer: 'test',
    metadata: { key: 'välue', empty: '' },
    graph: {
      name: 'graph',
      nodes: [
        {
          ...{ op: 'Any', domain: 'ai.onnx.ml', name: 'node', inputs: ['a', '', 'b'], outputs: ['c'] },
          attributes: {
            ...{ int: { int: -1 }, least: { int: -(2 ** 53) }, zero: { int: 0 }, most: { int: 2 ** 53 - 1 } },
            ...{ float: { float: -0.5 }, string: { string: 'é' }, tensor: { tensor } },
            ...{
              ints: { ints: [-3, 0, 2 ** 40] },
              floats: { floats: [1.5, -2] },
              strings: { strings: ['', 'b'] },
            },
          },
        },
      ],
      initializers: new Map<string, OnnxTensor>([
        ['t', tensor],
        ['one', { name: 'one', shape: [], type: 'f32', bytes: new Uint8Array(4) }],
        ['none', { name: 'none', shape: [0, 3], type: 'bool', bytes: new Uint8Array() }],
        ['words', { name: 'words', shape: [2], type: 'string', bytes: new Uint8Array(), texts: ['x', ''] }],
        [
          'far',
          {
            ...{ name: 'far', shape: [300], type: 'u8', bytes: new Uint8Array() },
            external: { location: 'far.data', offset: 4096, length: 300 },
          },
        ],
      ]),
      inputs: [
        { name: 'a', type: 'f32', shape: ['N', 3, undefined] },
        { name: 'b', type: 'i64', shape: undefined },
      ],
      outputs: [
        { name: 'c', type: 'f32', shape: [] },
        { name: 'z', type: undefined, shape: undefined },
      ],
      hidden: new Map([['d', { name: 'd', type: 'f16', shape: [1] }]]),
    },
  };
  expect(again(model)).toEqual(model);
});

test('what protobuf can not hold is refused', () => {
  const model = readOnnx(exportOnnx(studentOf(architectures['one number, two classes']!)), 'it');
  // Of one small array in many places: nothing of this length need be there.
  const bytes = new Uint8Array(2 ** 20);
  const initializers = new Map(
    Array.from({ length: 2048 }, (_, i) => [
      `${i}`,
      { name: `${i}`, shape: [2 ** 20], type: 'u8', bytes } as const,
    ]),
  );
  expect(() => writeOnnx({ ...model, graph: { ...model.graph, initializers } })).toThrow(
    expect.objectContaining({
      code: 'bad-argument',
      message: expect.stringMatching(/2 GiB is protobuf's limit/),
    }),
  );
});
