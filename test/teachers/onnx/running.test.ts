import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { type OnnxTeacher, onnxTeacher } from 'wasm-distill/onnx';
import { temporaryFolder } from '../../support/folder.ts';
import { CONVOLUTIONAL, convolutional, convolutionalRows } from '../../support/onnx-golden.ts';
import {
  floats,
  integers,
  mirror,
  node,
  numbers,
  onnxFile,
  perceptron,
  value,
} from '../../support/onnx-graphs.ts';

let teacher: OnnxTeacher | undefined;
afterEach(() => teacher?.close());

const rows = { shape: [4], values: numbers(4 * 11, 9) };

function hashed(values: Float32Array): string {
  return createHash('sha256').update(values).digest('hex');
}

describe('the number of samples at once', { timeout: 180_000 }, () => {
  /** Flattening to [1, 4] can't be done to more than one sample. */
  const single = onnxFile({
    nodes: [node('Reshape', ['x', 'to'], 'y')],
    inputs: [value('x', [1, 2, 2])],
    outputs: [value('y', [1, 4])],
    initializers: [integers('to', [1, 4])],
  });

  test('is one where the graph is made for one', async () => {
    teacher = await onnxTeacher(single);
    expect(teacher.facts.batch).toBe(1);
    expect(await teacher.logits(rows)).toEqual(rows.values);
  });

  test('is that of the graph where it is made for so many: the last ones are filled up', async () => {
    const four = onnxFile({
      nodes: [node('Reshape', ['x', 'to'], 'y')],
      inputs: [value('x', [4, 2, 2])],
      outputs: [value('y', [4, 4])],
      initializers: [integers('to', [4, 4])],
    });
    teacher = await onnxTeacher(four);
    expect(teacher.facts.batch).toBe(4);
    expect(await teacher.logits(rows)).toEqual(rows.values);
  });

  test('is one where samples would influence each other', async () => {
    const centered = onnxFile({
      nodes: [
        node('ReduceMean', ['x'], 'm', { axes: { ints: [0] } }),
        node('Sub', ['x', 'm'], 'c'),
        node('Add', ['c', 'x'], 'y'),
      ],
      inputs: [value('x', ['n', 4])],
      outputs: [value('y', ['n', 4])],
    });
    teacher = await onnxTeacher(centered);
    expect(teacher.facts.batch).toBe(1);
    expect(await teacher.logits(rows)).toEqual(rows.values);
  });

  test('changes no bit', async () => {
    teacher = await onnxTeacher(perceptron());
    const together = await teacher.logits(rows);
    for (const size of [1, 2, 7])
      for (let at = 0; at < 11; at += size) {
        const some = { shape: [4], values: rows.values.subarray(4 * at, 4 * (at + size)) };
        expect(await teacher.logits(some)).toEqual(together.subarray(3 * at, 3 * (at + size)));
      }
  });
});

test('the bits of a convolutional teacher are those recorded on an AMD EPYC', async () => {
  teacher = await onnxTeacher(convolutional());
  expect(
    hashed(await teacher.logits(convolutionalRows())),
    'onnxruntime-web gives other bits on this machine or in this version: if only the version is new, record the new hash; otherwise outputs of ONNX teachers differ between machines, and docs/onnx.md must stop promising that they do not',
  ).toBe(CONVOLUTIONAL);
  expect(teacher.facts.runtime).toEqual({ name: 'onnxruntime-web', version: '1.30.0', reproducible: true });
});

test('its hash tells models and ways to take samples apart', async () => {
  const hashes = new Set<string>();
  const graphs = [perceptron(), perceptron({ last: 'Softmax' }), perceptron({ metadata: { a: 'b' } })];
  for (const graph of graphs)
    for (const options of [{}, { mean: 0.5 }, { kind: 'logits' as const }]) {
      const one = await onnxTeacher(graph, options);
      await one.close();
      hashes.add(one.sha256);
    }
  // Of the first and the last graph logits are what the output is taken for anyway.
  expect(hashes.size).toBe(7);
  teacher = await onnxTeacher(perceptron());
  expect(hashes).toContain(teacher.sha256);
}, 120_000);

describe('files beside the model', { timeout: 180_000 }, () => {
  const weights = numbers(12, 5);
  const graph = (location: string) =>
    onnxFile({
      nodes: [node('MatMul', ['x', 'w'], 'y')],
      inputs: [value('x', ['n', 4])],
      outputs: [value('y', ['n', 3])],
      initializers: [{ ...floats('w', [4, 3], []), external: { location, offset: 0, length: 48 } }],
    });
  const bytes = new Uint8Array(weights.buffer);
  const inside = onnxFile({
    nodes: [node('MatMul', ['x', 'w'], 'y')],
    inputs: [value('x', ['n', 4])],
    outputs: [value('y', ['n', 3])],
    initializers: [floats('w', [4, 3], weights)],
  });

  test('are given, or read from its folder', async () => {
    const whole = await onnxTeacher(inside);
    const expected = await whole.logits(rows);
    await whole.close();
    teacher = await onnxTeacher(graph('w.data'), { externalFiles: { 'w.data': bytes } });
    expect(await teacher.logits(rows)).toEqual(expected);
    await teacher.close();
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'sub'));
    await writeFile(join(folder, 'model.onnx'), graph('sub/w.data'));
    await writeFile(join(folder, 'sub/w.data'), bytes);
    teacher = await onnxTeacher(join(folder, 'model.onnx'));
    expect(await teacher.logits(rows)).toEqual(expected);
    expect(teacher.facts.bytes).toBe(graph('sub/w.data').length + 48);
  });

  test('that are absent, or lie elsewhere, are told', async () => {
    await expect(onnxTeacher(graph('w.data'))).rejects.toThrow(
      /must lie beside it: give its bytes, externalFiles/,
    );
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'model.onnx'), graph('w.data'));
    await expect(onnxTeacher(join(folder, 'model.onnx'))).rejects.toMatchObject({ code: 'missing' });
    for (const path of ['../w.data', '/etc/passwd', 'a/../../w.data', 'https://host/w'])
      await expect(onnxTeacher(graph(path)), path).rejects.toThrow(/beside/);
  });
});

describe('its worker', { timeout: 180_000 }, () => {
  test('leaves the event loop free', async () => {
    teacher = await onnxTeacher(perceptron());
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const many = { shape: [4], values: numbers(4 * 200_000) };
    await teacher.logits(many);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(2);
  });

  test('is gone when it is closed, and whoever asks then is told', async () => {
    teacher = await onnxTeacher(perceptron());
    const pending = teacher.logits(rows).catch((error: Error) => error);
    await teacher.close();
    await teacher.close();
    expect(await pending).toMatchObject({
      code: 'bad-argument',
      message: expect.stringContaining('was closed'),
    });
    await expect(teacher.logits(rows)).rejects.toThrow(/was closed: make the teacher anew/);
  });

  test('gives its memory back, and an idle one does not hold the process open', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'model.onnx'), mirror(['n', 4]));
    const script = `
      import { onnxTeacher } from 'wasm-distill/onnx';
      const samples = { shape: [4], values: new Float32Array(4 * 2 ** 22) };
      const open = () => onnxTeacher(process.argv[1]);
      const before = process.memoryUsage.rss();
      const teacher = await open();
      await teacher.logits(samples);
      const during = process.memoryUsage.rss();
      await teacher.close();
      await new Promise((resolve) => setTimeout(resolve, 300));
      const after = process.memoryUsage.rss();
      await open();
      console.log(JSON.stringify({ before, during, after }));`;
    const args = ['--input-type=module', '--eval', script, join(folder, 'model.onnx')];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 50_000 });
    const { during, after } = JSON.parse(stdout) as Record<string, number>;
    expect(after).toBeLessThan(during! - 50 * 2 ** 20);
  });

  test('is stopped by a signal', async () => {
    const controller = new AbortController();
    teacher = await onnxTeacher(perceptron());
    const asked = teacher.logits(rows, controller.signal);
    controller.abort(new Error('enough'));
    await expect(asked).rejects.toMatchObject({ code: 'aborted', cause: new Error('enough') });
    await expect(teacher.logits(rows, controller.signal)).rejects.toMatchObject({ code: 'aborted' });
    const signal = controller.signal;
    await expect(onnxTeacher(perceptron(), { signal })).rejects.toMatchObject({ code: 'aborted' });
    expect((await teacher.logits(rows)).length).toBe(33);
  });

  test('that dies is told', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'dies.mjs'), "throw new Error('no luck')");
    const worker = join(folder, 'dies.mjs');
    await expect(onnxTeacher(perceptron(), { worker })).rejects.toMatchObject({
      code: 'worker',
      message: 'the worker that runs the ONNX model died: no luck',
    });
  });
});

describe('what can not run', { timeout: 180_000 }, () => {
  test('a runtime that is not installed: the command that installs it', async () => {
    await expect(onnxTeacher(perceptron(), { runtime: 'onnxruntime-node' })).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining(
        `needs the npm package onnxruntime-node, which is neither beside wasm-distill nor in ${process.cwd()}: npm install onnxruntime-node@1.30.0`,
      ),
    });
  });

  test('files that are no models, and models that the runtime refuses', async () => {
    await expect(onnxTeacher(new Uint8Array(0))).rejects.toMatchObject({ code: 'bad-file' });
    await expect(onnxTeacher(numbersAsBytes())).rejects.toMatchObject({ code: 'bad-file' });
    await expect(onnxTeacher('nowhere.onnx')).rejects.toMatchObject({ code: 'missing' });
    const unknown = perceptron({ last: 'Unheard' });
    await expect(onnxTeacher(unknown)).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringMatching(/^the ONNX model is refused by onnxruntime \(.*Unheard/),
    });
    await expect(onnxTeacher(perceptron({ irVersion: 99 }))).rejects.toThrow(
      /refused by onnxruntime \(.*IR version/,
    );
  });

  test('options that there are not, and values that they can not have', async () => {
    const graph = perceptron();
    const refused: [object, RegExp][] = [
      [{ means: 1 }, /onnxTeacher has no option means/],
      [{ layout: 'chw' }, /the layout must be 'nchw' or 'nhwc'/],
      [{ kind: 'labels' }, /the kind of output must be 'logits' or 'probabilities'/],
      [{ mean: [] }, /mean must be a number, or a list of at least one/],
      [{ mean: 'x' }, /mean must be a list of finite numbers/],
      [{ std: 0 }, /std must be positive/],
      [{ size: [2] }, /size must be height and width/],
      [{ batch: 0 }, /batch must be a whole number/],
      [{ runtime: 'python' }, /the runtime must be 'onnxruntime-web' or/],
      [{ output: '' }, /output of onnxTeacher must be a string/],
      [{ samples: 3 }, /samples must be/],
      [{ externalFiles: { a: 1 } }, /externalFiles must be/],
    ];
    for (const [options, sentence] of refused)
      await expect(onnxTeacher(graph, options), JSON.stringify(options)).rejects.toThrow(sentence);
  });
});

function numbersAsBytes(): Uint8Array {
  return Uint8Array.from(numbers(999), (v) => 128 * v);
}
