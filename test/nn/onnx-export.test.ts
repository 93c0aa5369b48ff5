import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createEngine,
  type Dataset,
  type Engine,
  evaluate,
  loadMnist,
  makeDataset,
  mostProbable,
  parseShorthand,
  predict,
  type TrainedModel,
  take,
  train,
} from 'wasm-distill';
import { describeOnnx, exportOnnx, type OnnxExportOptions, readOnnx } from 'wasm-distill/formats';
import { byteInput, layerCosts } from 'wasm-distill/graph';
import { logitsOf } from 'wasm-distill/objectives';
import { fields } from '#library/nn/layer-specs.js';
import { checkOnnx } from '../support/onnx-checker.ts';
import { openOnnx } from '../support/onnx-runtime.ts';
import { randomArchitecture } from '../support/random-architectures.ts';
import { architectures, channelsFirst, samplesFor, studentOf } from '../support/students.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
});
afterAll(() => engine.close());

const classesOf = (model: TrainedModel) => layerCosts(model.architecture).at(-1)!.output[0]!;

/** The most probable class of each row. */
function decisions(probabilities: Float32Array, classes: number): number[] {
  const rows = Array.from({ length: probabilities.length / classes }, (_, i) =>
    probabilities.subarray(i * classes, (i + 1) * classes),
  );
  return rows.map(mostProbable);
}

/** The greatest difference between two lists of numbers, in units of the second's greatest magnitude but at least 1. */
function difference(got: Float32Array, expected: Float32Array): number {
  expect(got.length).toBe(expected.length);
  const unit = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return expected.reduce((most, value, i) => {
    const apart = Math.abs(value - got[i]!) / unit;
    return apart > most || Number.isNaN(apart) ? apart : most;
  }, 0);
}

/** What the engine makes of data, and that onnxruntime-web makes the same of it, whatever the batch. */
async function compare(model: TrainedModel, data: Dataset, batches: readonly number[]): Promise<void> {
  const { classes } = data;
  const { shape } = model.architecture.input;
  const { values } = data.inputs;
  const probabilities = await predict(engine, model, data);
  const logits = await logitsOf(engine, [model], data);
  for (const layout of layoutsOf(model)) {
    const isFirst = layout === 'nchw';
    const given = isFirst ? channelsFirst(values, shape) : Float32Array.from(values);
    const onnx = await openOnnx(exportOnnx(model, layout && { layout }));
    try {
      for (const batch of batches) {
        const made = await onnx.run(given, isFirst ? [shape[2]!, shape[0]!, shape[1]!] : shape, batch);
        expect(Object.keys(made).sort()).toEqual(['logits', 'probabilities']);
        expect(decisions(made.probabilities!, classes)).toEqual(decisions(probabilities, classes));
        expect(difference(made.probabilities!, probabilities)).toBeLessThan(1e-5);
        expect(difference(made.logits!, logits)).toBeLessThan(1e-5);
      }
    } finally {
      await onnx.close();
    }
  }
}

function layoutsOf({ architecture }: TrainedModel): readonly (OnnxExportOptions['layout'] | undefined)[] {
  return architecture.input.shape.length === 3 ? ['nchw', 'nhwc'] : [undefined];
}

/** How far apart the answers to different samples are. */
function spread(logits: Float32Array, classes: number): number {
  const first = logits.subarray(0, classes);
  return logits.reduce((most, value, i) => Math.max(most, Math.abs(value - first[i % classes]!)), 0);
}

test.each(Object.entries(architectures))('%s: onnxruntime-web finds the same', async (_, architecture) => {
  const model = studentOf(architecture);
  const classes = classesOf(model);
  const inputs = { shape: architecture.input.shape, values: samplesFor(architecture.input, 100) };
  const data = makeDataset({ inputs, labels: new Uint8Array(100), classes });
  // Otherwise equal answers would say little.
  expect(spread(await logitsOf(engine, [model], data), classes)).toBeGreaterThan(0.01);
  await compare(model, data, [1, 7, 100]);
});

test.each([
  ['a perceptron', '28x28x1 nobn dense40 dense10', 10_000],
  ['convolutions with batch norm', '28x28x1 conv8k5s2 sep16 res16s2 gap dense10', 2000],
])('%s that has learned from MNIST decides alike on its test images', async (_, text, count) => {
  const { train: images, test: unseen } = await loadMnist();
  const { architecture } = parseShorthand(text);
  const input = { ...architecture.input, ...byteInput };
  const options = { architecture: { ...architecture, input }, data: take(images, 2000), epochs: 6, seed: 1 };
  const model = await train(engine, options);
  const tests = take(unseen, count);
  expect((await evaluate(engine, model, tests)).errors / count).toBeLessThan(0.3);
  await compare(model, tests, [500]);
});

test.each(Array.from({ length: 40 }, (_, i) => i + 1))('random network %i', async (seed) => {
  const model = studentOf(randomArchitecture(seed), seed);
  const { input } = model.architecture;
  const inputs = { shape: input.shape, values: samplesFor(input, 20) };
  await compare(model, makeDataset({ inputs, labels: new Uint8Array(20), classes: classesOf(model) }), [3]);
});

test('every layer there is has been tried', () => {
  const tried = new Set(
    Object.values(architectures).flatMap((one) => layerCosts(one).map(({ kind }) => kind)),
  );
  expect([...tried].sort()).toEqual([...Object.keys(fields), 'sum', 'concat'].sort());
});

test('onnx.checker finds all of them right, and infers every shape', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wasm-distill-onnx-'));
  try {
    const models = Object.values(architectures).map((one) => studentOf(one));
    const cases = models.flatMap((model, i) =>
      (model.architecture.input.shape.length === 3 ? (['nchw', 'nhwc'] as const) : [undefined]).map(
        (layout) => ({
          ...{ model, layout, file: join(folder, `${i}${layout}.onnx`) },
        }),
      ),
    );
    for (const { model, layout, file } of cases)
      await writeFile(file, exportOnnx(model, layout && { layout }));
    const checked = await checkOnnx(cases.map(({ file }) => file));
    checked.forEach((seen, i) => {
      const { model, layout } = cases[i]!;
      const { shape } = model.architecture.input;
      const sample = layout === 'nchw' ? [shape[2]!, shape[0]!, shape[1]!] : shape;
      expect(seen).toMatchObject({
        ...{ ir: 8, opset: [['', 17]], producer: 'wasm-distill', unknown: [] },
        inputs: [{ name: 'input', type: 1, shape: ['N', ...sample] }],
        outputs: ['logits', 'probabilities'].map((name) => ({
          name,
          type: 1,
          shape: ['N', classesOf(model)],
        })),
      });
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe('metadata', () => {
  const model = {
    ...studentOf(architectures.residual!),
    classNames: ["it's", '"b"', 'both \' and "', 'a\\\n', ...'efghij'],
  };

  test('holds the classes as JSON and as Python prints a dictionary, and what the caller adds', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wasm-distill-onnx-'));
    try {
      const file = join(folder, 'named.onnx');
      await writeFile(file, exportOnnx(model, { metadata: { images: '{"size":[32,32]}', names: 'mine' } }));
      const [checked] = await checkOnnx([file]);
      const described = describeOnnx(readOnnx(await readFile(file), file), file);
      expect(described.classNames).toEqual(model.classNames);
      expect(checked!.metadata).toEqual({
        format: 'wasm-distill onnx',
        images: '{"size":[32,32]}',
        input: '{"name":"input","shape":["N",3,16,16],"layout":"nchw","values":"bytes"}',
        classNames: JSON.stringify(model.classNames),
        names: `{0: "it's", 1: '"b"', 2: 'both \\' and "', 3: 'a\\\\\\x0a', 4: 'e', 5: 'f', 6: 'g', 7: 'h', 8: 'i', 9: 'j'}`,
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('the same model gives the same bytes', () => {
    expect(exportOnnx(model)).toEqual(exportOnnx(structuredClone(model)));
    expect(exportOnnx(model)).toEqual(exportOnnx(model, { layout: 'nchw' }));
    expect(exportOnnx(model)).not.toEqual(exportOnnx(model, { layout: 'nhwc' }));
  });
});

describe('what is refused', () => {
  const model = studentOf(architectures['a perceptron on a table']!);
  const cases: [string, () => unknown, RegExp][] = [
    ['a layout of rows', () => exportOnnx(model, { layout: 'nchw' }), /layout is for images, but .*\[13\]/],
    [
      'another layout',
      () => exportOnnx(studentOf(architectures.residual!), { layout: 'hwc' as 'nhwc' }),
      /the layout must be 'nchw' or 'nhwc', not "hwc"/,
    ],
    ['an option that there isn’t', () => exportOnnx(model, { opset: 11 } as object), /no option opset/],
    ['metadata of numbers', () => exportOnnx(model, { metadata: { a: 1 } as never }), /object of strings/],
    [
      'names of other classes',
      () => exportOnnx({ ...model, classNames: ['a'] }),
      /1 class names, but 3 classes/,
    ],
    ['weights that are missing', () => exportOnnx({ ...model, weights: new Map() }), /no weights named/],
  ];

  test.each(cases)('%s', (_, call, sentence) => {
    expect(call).toThrow(
      expect.objectContaining({ code: 'bad-argument', message: expect.stringMatching(sentence) }),
    );
  });
});
