import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createEngine, makeDataset, softTargets } from 'wasm-distill';
import { hiddenOf } from 'wasm-distill/objectives';
import { type OnnxTeacher, type OnnxTeacherOptions, onnxTeacher } from 'wasm-distill/onnx';
import {
  floats,
  node,
  numbers,
  onnxFile,
  perceptron,
  type SmallGraph,
  value,
} from '../../support/onnx-graphs.ts';

const engine = await createEngine({ threads: 1 });
afterAll(() => engine.close());

let teacher: OnnxTeacher | undefined;
afterEach(() => teacher?.close());

const rows = { shape: [4], values: numbers(20, 9) };

async function answers(graph: Uint8Array, options: OnnxTeacherOptions = {}): Promise<Float32Array> {
  teacher = await onnxTeacher(graph, options);
  return teacher.logits(rows);
}

/** Another ending of the perceptron, after its three logits z. */
const ending = (nodes: SmallGraph['nodes'], outputs: SmallGraph['outputs'], metadata = {}) =>
  perceptron({
    nodes: [
      node('Gemm', ['x', 'w1', 'b1'], 'h'),
      node('Relu', ['h'], 'r'),
      node('Gemm', ['r', 'w2', 'b2'], 'z'),
      ...nodes,
    ],
    outputs,
    metadata,
  });

/** The softmax of each row. */
function softmax(logits: Float32Array, columns: number): number[] {
  return Array.from({ length: logits.length / columns }, (_, i) => {
    const powers = Array.from(logits.subarray(i * columns, (i + 1) * columns), Math.exp);
    const sum = powers.reduce((a, b) => a + b);
    return powers.map((power) => power / sum);
  }).flat();
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < found.length; i++) expect(found[i]).toBeCloseTo(expected[i]!, 5);
}

describe('what an output holds', { timeout: 180_000 }, () => {
  test('logits: as they are', async () => {
    const found = await answers(perceptron());
    expect(teacher!.facts.output).toEqual({ name: 'y', kind: 'logits', columns: 3 });
    expect(teacher).toMatchObject({ classes: 3, name: 'the ONNX model' });
    const { values } = rows;
    const [w1, b1, w2, b2] = [numbers(32, 1), numbers(8, 2), numbers(24, 3), numbers(3, 4)];
    const hidden = Array.from({ length: 40 }, (_, at) => {
      const [i, k] = [Math.floor(at / 8), at % 8];
      return Math.max(
        0,
        [0, 1, 2, 3].reduce((sum, j) => sum + values[i * 4 + j]! * w1[j * 8 + k]!, b1[k]!),
      );
    });
    const expected = Array.from({ length: 15 }, (_, at) => {
      const [i, k] = [Math.floor(at / 3), at % 3];
      return Array.from({ length: 8 }).reduce<number>(
        (sum, _, j) => sum + hidden[i * 8 + j]! * w2[j * 3 + k]!,
        b2[k]!,
      );
    });
    expectClose(found, expected);
  });

  test('probabilities: their logarithms, whose softmax they are', async () => {
    const logits = await answers(perceptron());
    await teacher!.close();
    const found = await answers(perceptron({ last: 'Softmax' }));
    expect(teacher!.facts.output.kind).toBe('probabilities');
    expectClose(softmax(found, 3), softmax(logits, 3));
    await teacher!.close();
    const asLogits = await answers(perceptron({ last: 'Softmax' }), { kind: 'logits' });
    expectClose(asLogits, softmax(logits, 3));
  });

  test('logits before probabilities, whatever their order', async () => {
    const graph = ending([node('Softmax', ['z'], 'p')], [value('p', ['n', 3]), value('z', ['n', 3])]);
    await answers(graph);
    expect(teacher!.facts.output).toMatchObject({ name: 'z', kind: 'logits' });
    await teacher!.close();
    await answers(graph, { output: 'p' });
    expect(teacher!.facts.output).toMatchObject({ name: 'p', kind: 'probabilities' });
  });

  test('classes that do not exclude each other are refused, unless somebody says so', async () => {
    const sigmoid = perceptron({ last: 'Sigmoid' });
    await expect(answers(sigmoid)).rejects.toThrow(
      /the output y of .* holds probabilities that don't sum to 1/,
    );
    const found = await answers(sigmoid, { kind: 'probabilities' });
    await teacher!.close();
    const logits = await answers(sigmoid, { output: 'z' });
    const odds = Float32Array.from(logits, (z) => Math.log(1 / (1 + Math.exp(-z))));
    expectClose(softmax(found, 3), softmax(odds, 3));
  });

  test('what stops being probabilities is told', async () => {
    // Sums to 1 for what the probe asks, not for large inputs.
    const graph = onnxFile({
      nodes: [
        node('Relu', ['x'], 'r'),
        node('Clip', ['x', '', 'one'], 'c'),
        node('Sub', ['x', 'c'], 'over'),
        node('Concat', ['half', 'half'], 'row', { axis: { int: 1 } }),
        node('Add', ['row', 'over'], 'y'),
      ],
      inputs: [value('x', ['n', 1])],
      outputs: [value('y', ['n', 2])],
      initializers: [floats('one', [], [1]), floats('half', [1, 1], [0.5])],
    });
    teacher = await onnxTeacher(graph);
    expect(teacher.facts.output.kind).toBe('probabilities');
    const ask = teacher.logits({ shape: [1], values: Float32Array.of(3) });
    await expect(ask).rejects.toThrow(/taken for probabilities, row 0, has 2.5, which is no probability/);
  });
});

describe('one logit', { timeout: 180_000 }, () => {
  test('is that of the second of two classes', async () => {
    const z = await answers(perceptron({ classes: 1 }));
    expect(teacher).toMatchObject({ classes: 2, facts: { output: { kind: 'logits', columns: 1 } } });
    expect(z.length).toBe(10);
    expect(z.filter((_, i) => i % 2 === 0).every((v) => v === 0)).toBe(true);
    await teacher!.close();
    const fromProbability = await answers(perceptron({ classes: 1, last: 'Sigmoid' }));
    expect(teacher!.facts.output.kind).toBe('probabilities');
    expectClose(softmax(fromProbability, 2), softmax(z, 2));
  });

  test('a probability of 0 or 1 has finite odds', async () => {
    const graph = onnxFile({
      nodes: [node('Sigmoid', ['x'], 'y')],
      inputs: [value('x', ['n', 1])],
      outputs: [value('y', ['n', 1])],
    });
    teacher = await onnxTeacher(graph);
    const found = await teacher.logits({ shape: [1], values: Float32Array.of(-200, 200) });
    expect(found.every(Number.isFinite)).toBe(true);
    expect(found[1]! - found[0]!).toBeLessThan(-80);
    expect(found[3]! - found[2]!).toBeGreaterThan(15);
  });
});

describe('classes', { timeout: 180_000 }, () => {
  test('have the names that the metadata tell', async () => {
    await answers(perceptron({ metadata: { names: "{0: 'cat', 1: 'dog', 2: 'frog'}" } }));
    expect(teacher!.classNames).toEqual(['cat', 'dog', 'frog']);
    await teacher!.close();
    await answers(perceptron({ metadata: { names: '["cat", "dog"]' } }));
    expect(teacher!.classNames).toBeUndefined();
  });

  test('dictionaries of them are bypassed', async () => {
    const graph = ending(
      [
        node('Softmax', ['z'], 'p'),
        node('ArgMax', ['z'], 'label', { axis: { int: 1 } }),
        node('ZipMap', ['p'], 'y', { classlabels_strings: { strings: ['a', 'b', 'c'] } }, 'ai.onnx.ml'),
      ],
      [value('label', ['n', 1], 'i64'), { name: 'y', type: undefined, shape: undefined }],
    );
    await answers(graph);
    expect(teacher!.facts.output).toEqual({ name: 'p', kind: 'probabilities', columns: 3 });
    expect(teacher!.classNames).toEqual(['a', 'b', 'c']);
  });

  test('labels alone teach nothing', async () => {
    const graph = ending(
      [node('ArgMax', ['z'], 'label', { axis: { int: 1 } })],
      [value('label', ['n', 1], 'i64')],
    );
    await expect(answers(graph)).rejects.toThrow(
      /only answers labels \(label\), from which nothing can be distilled/,
    );
    await expect(answers(graph, { output: 'label' })).rejects.toThrow(/only answers labels/);
    const found = await answers(graph, { output: 'z' });
    expect(found.length).toBe(15);
  });
});

describe('tensors inside', { timeout: 180_000 }, () => {
  test('are hints by name', async () => {
    teacher = await onnxTeacher(perceptron(), { features: 'r' });
    const data = makeDataset({ inputs: rows, labels: [0, 1, 2, 0, 1], classes: 3 });
    const hidden = await hiddenOf(engine, teacher, data);
    expect(hidden.length).toBe(5 * 8);
    expect(Math.min(...hidden)).toBe(0);
    expect(Math.max(...hidden)).toBeGreaterThan(0);
    expect(await teacher.features!({ shape: [4], values: rows.values.subarray(16) })).toEqual(
      hidden.subarray(32),
    );
  });

  test('that are not there are told', async () => {
    await expect(onnxTeacher(perceptron(), { features: 'q' })).rejects.toThrow(/computes no tensor "q"/);
    await expect(onnxTeacher(perceptron(), { output: 'q' })).rejects.toThrow(
      /has no output "q": there are y, and tensors inside/,
    );
  });
});

test('soft targets are made of several kinds at once', async () => {
  const one = await onnxTeacher(perceptron());
  const other = await onnxTeacher(perceptron({ last: 'Softmax' }));
  teacher = one;
  try {
    const data = makeDataset({ inputs: rows, labels: [0, 1, 2, 0, 1], classes: 3 });
    const soft = await softTargets(engine, [one, other], data, { temperature: 1 });
    expect(soft.teachers).toEqual([one.sha256, other.sha256]);
    expectClose(soft.probabilities, softmax(await one.logits(rows), 3));
  } finally {
    await other.close();
  }
});
