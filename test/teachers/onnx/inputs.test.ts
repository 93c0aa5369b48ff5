import { afterEach, describe, expect, test } from 'vitest';
import { resizeImage } from 'wasm-distill/formats';
import { type OnnxTeacher, type OnnxTeacherOptions, onnxTeacher } from 'wasm-distill/onnx';
import { mirror, node, numbers, onnxFile, value } from '../../support/onnx-graphs.ts';

let teacher: OnnxTeacher | undefined;
afterEach(() => teacher?.close());

/** What a model that answers what it is given is given. */
async function seen(
  graph: Uint8Array,
  samples: { shape: number[]; values: Uint8Array | Float32Array },
  options: OnnxTeacherOptions = {},
): Promise<Float32Array> {
  teacher = await onnxTeacher(graph, { samples, kind: 'logits', ...options });
  return teacher.logits(samples);
}

const image = { shape: [2, 2, 3], values: Uint8Array.from([0, 51, 102, 3, 6, 9, 255, 204, 153, 30, 60, 90]) };
const byPixel = Float32Array.from(image.values, (v) => v / 255);
const byChannel = Float32Array.from([0, 3, 255, 30, 51, 6, 204, 60, 102, 9, 153, 90], (v) => v / 255);

describe('images', { timeout: 180_000 }, () => {
  test('are given channels first where the input says so, and last where it does', async () => {
    expect(await seen(mirror([1, 3, 2, 2]), image)).toEqual(byChannel);
    expect(teacher!.facts).toMatchObject({ layout: 'nchw', takes: [3, 2, 2], batch: 'any' });
    expect(await seen(mirror(['n', 2, 2, 3]), image)).toEqual(byPixel);
    expect(teacher!.facts).toMatchObject({ layout: 'nhwc', takes: [2, 2, 3] });
  });

  test('are given by the layout asked for where sizes leave it open', async () => {
    const square = { shape: [3, 3, 3], values: Uint8Array.from({ length: 27 }, (_, i) => i) };
    const turned = Float32Array.from({ length: 27 }, (_, i) => (3 * (i % 9) + Math.floor(i / 9)) / 255);
    expect(await seen(mirror(['n', 3, 3, 3]), square)).toEqual(turned);
    const last = await seen(mirror(['n', 3, 3, 3]), square, { layout: 'nhwc' });
    expect(last).toEqual(Float32Array.from(square.values, (v) => v / 255));
  });

  test('are scaled by channel in f32, as torchvision does', async () => {
    const [mean, std] = [
      [0.4914, 0.4822, 0.4465],
      [0.2471, 0.2435, 0.2616],
    ];
    const { fround } = Math;
    const expected = byChannel.map((v, i) => {
      const k = Math.floor(i / 4);
      return fround(fround(v - fround(mean[k]!)) / fround(std[k]!));
    });
    expect(await seen(mirror([1, 3, 2, 2]), image, { mean, std })).toEqual(expected);
  });

  test('are refused a mean of bytes, and means of other channels', async () => {
    const bytes = seen(mirror([1, 3, 2, 2]), image, { mean: [123.7, 116.3, 103.5] });
    await expect(bytes).rejects.toThrow(/the mean 123.7.* is one of bytes.*: divide mean and std by 255/);
    const four = seen(mirror([1, 3, 2, 2]), image, { mean: [0, 0, 0, 0] });
    await expect(four).rejects.toThrow(/mean of .* has 4 numbers, but there are 3 channels/);
  });

  test('are resized as Pillow does, and gray ones become color', async () => {
    const gray = { shape: [4, 4, 1], values: Uint8Array.from({ length: 16 }, (_, i) => i * 15) };
    const small = resizeImage({ height: 4, width: 4, channels: 1, data: gray.values }, 2, 2).data;
    const expected = Float32Array.from([...small, ...small, ...small], (v) => v / 255);
    expect(await seen(mirror([1, 3, 2, 2]), gray)).toEqual(expected);
    const open = mirror([1, 3, 'height', 'width']);
    expect(await seen(open, gray, { size: [2, 2] })).toEqual(expected);
    const other = seen(mirror([1, 3, 2, 2]), gray, { size: [3, 3] });
    await expect(other).rejects.toThrow(/takes images of 2 pixels a side, not of 3/);
  });

  test('of floats are taken as they are, and not resized', async () => {
    const floats = { shape: [2, 2, 3], values: numbers(12) };
    expect(await seen(mirror(['n', 2, 2, 3]), floats)).toEqual(floats.values);
    const larger = seen(mirror(['n', 4, 4, 3]), floats);
    await expect(larger).rejects.toThrow(/takes images of 4 × 4 pixels, and only bytes can be resized/);
  });

  test('of too many channels are refused', async () => {
    await expect(seen(mirror([1, 1, 2, 2]), image)).rejects.toThrow(
      /takes images of 1 channels, the layout being nchw, but the samples have 3/,
    );
  });

  test('can be rows of numbers to a model', async () => {
    const gray = { shape: [2, 2, 1], values: Uint8Array.from([0, 51, 102, 255]) };
    const expected = Float32Array.from(gray.values, (v) => v / 255);
    expect(await seen(mirror([1, 4, 1]), gray)).toEqual(expected);
    expect(await seen(mirror(['n', 'inputs']), gray)).toEqual(expected);
    expect(await seen(mirror(['n', 12]), image, { layout: 'nchw' })).toEqual(byChannel);
  });
});

describe('types of inputs', { timeout: 180_000 }, () => {
  const row = { shape: [3], values: Float32Array.of(1, 0, 3) };

  test.each(['f64', 'f16', 'u8', 'i8', 'i16', 'i32', 'i64'] as const)('%s', async (type) => {
    expect(await seen(mirror(['n', 3], type), row)).toEqual(row.values);
  });

  test('whole numbers are taken as they are, and others refused', async () => {
    const bytes = { shape: [3], values: Uint8Array.of(1, 0, 255) };
    expect(await seen(mirror(['n', 3], 'u8'), bytes)).toEqual(Float32Array.of(1, 0, 255));
    const broken = { shape: [3], values: Float32Array.of(1, 0.5, 3) };
    await expect(teacher!.logits(broken)).rejects.toThrow(/takes whole numbers, but a sample has 0.5/);
    await expect(seen(mirror(['n', 3], 'u8'), bytes, { mean: 1 })).rejects.toThrow(/leave mean and std out/);
  });

  test('others are refused', async () => {
    const texts = onnxFile({
      nodes: [node('Identity', ['x'], 'y')],
      inputs: [value('x', ['n', 3], 'string')],
      outputs: [value('y', ['n', 3])],
    });
    await expect(onnxTeacher(texts)).rejects.toThrow(/takes elements of type string/);
  });
});

test('samples of another shape are refused, with both shapes', async () => {
  teacher = await onnxTeacher(mirror(['n', 4]));
  await expect(teacher.logits({ shape: [5], values: new Float32Array(5) })).rejects.toThrow(
    /takes \[n, 4\], the first being the number of samples, but a sample has the shape \[5\]/,
  );
});

test('a model of open size needs samples, or a size', async () => {
  await expect(onnxTeacher(mirror(['n', 3, 'h', 'w']))).rejects.toThrow(
    /doesn't tell the size of its input \[n, 3, h, w\]: give size, or samples/,
  );
  await expect(onnxTeacher(mirror(['n', 'inputs']))).rejects.toThrow(/: give samples$/);
});

test('several inputs are refused', async () => {
  const graph = onnxFile({
    nodes: [node('Add', ['a', 'b'], 'y')],
    inputs: [value('a', ['n', 3]), value('b', ['n', 3])],
    outputs: [value('y', ['n', 3])],
  });
  await expect(onnxTeacher(graph)).rejects.toThrow(/takes 2 inputs \(a, b\), but only models of one are run/);
});
